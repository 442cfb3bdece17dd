import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Entry } from '../../backends/backend';
import { type Cidr, cidrContains, parseAddress, widenCidr } from '../../rule/address';
import { nameOf } from '../describe';
import type { Finding } from './finding';

/** What a TCP connection to an internal address came to. */
export type Probe = 'open' | 'refused' | 'silent';

export interface ProbeOptions {
  /** Milliseconds. */
  readonly timeout: number;
  /** Connect to nothing. */
  readonly skip?: boolean;
  readonly probe?: (address: string, port: number, timeout: number) => Promise<Probe>;
  /** Whether this machine shares a network with the address. */
  readonly near?: (address: string) => boolean;
}

/** Connects to the first port of every TCP target of ours, all at once, as the gateway would. UDP tells nothing. */
export async function checkTargets(entries: readonly Entry[], options: ProbeOptions): Promise<Finding[]> {
  if (options.skip) return [];
  const { probe = probeTcp, near = isNear, timeout } = options;
  const seen = new Set<string>();
  const findings = entries.map(async (entry): Promise<Finding[]> => {
    const { target, traffic, enabled } = entry.forward;
    const port = traffic.find(({ protocol }) => protocol === 'tcp')?.ports[0]?.target;
    if (entry.tag === null || !enabled || target.kind !== 'host' || port === undefined) return [];
    const key = `${target.address} ${port}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const result = await probe(target.address, port, timeout);
    return [judge(nameOf(entry), target.address, port, result, near(target.address))];
  });
  return (await Promise.all(findings)).flat();
}

function judge(name: string, address: string, port: number, result: Probe, near: boolean): Finding {
  switch (result) {
    case 'open':
      return { check: 'target', status: 'ok', message: `${name}: ${address} answers on tcp ${port}.` };
    case 'refused':
      return {
        check: 'target-port',
        status: 'fail',
        message: `${name}: ${address} is there, but nothing answers on tcp ${port}.`,
        hint: `Start the service there, or let it listen on ${address} and not on 127.0.0.1 alone.`,
      };
    case 'silent':
      return near
        ? {
            check: 'target-silent',
            status: 'fail',
            message: `${name}: ${address} does not answer on tcp ${port}.`,
            hint: 'Check that the machine is on, that it has this address, and its own firewall.',
          }
        : {
            check: 'target-silent',
            status: 'warn',
            message: `${name}: ${address} does not answer on tcp ${port} from here, which is another network.`,
            hint: 'Run `portforward doctor` on a machine in the LAN to know more.',
          };
  }
}

function probeTcp(address: string, port: number, timeout: number): Promise<Probe> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const done = (result: Probe) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(timeout, () => done('silent'));
    socket.once('connect', () => done('open'));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      done(error.code === 'ECONNREFUSED' ? 'refused' : 'silent'),
    );
  });
}

function isNear(text: string): boolean {
  const address = parseAddress(text);
  if (address === null) return false;
  return Object.values(networkInterfaces())
    .flat()
    .some((own) => {
      // The prefix of an own address has host bits set: take its network.
      const cidr = own?.cidr ? networkOf(own.cidr) : null;
      return cidr !== null && cidrContains(cidr, address);
    });
}

function networkOf(text: string): Cidr | null {
  return widenCidr(text)?.cidr ?? null;
}
