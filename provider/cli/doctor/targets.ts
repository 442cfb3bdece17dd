import type { Entry } from '../../backends/backend';
import { mergeRanges, type PortRange, printPorts } from '../../rule/ports';
import type { Protocol } from '../../rule/rule';
import { nameOf } from '../describe';
import type { Finding } from './finding';
import { type Probe, probeTcp } from './probe';

/** A rule with this many internal ports or fewer has each of them asked. */
const MOST_PORTS = 8;

export interface ProbeOptions {
  /** Milliseconds. */
  readonly timeout: number;
  /** Connect to nothing. */
  readonly skip?: boolean;
  readonly probe?: (address: string, port: number, timeout: number) => Promise<Probe>;
}

/**
 * Connects to the TCP targets of ours, all at once, each port once, as the gateway would. Of a long list only single
 * ports are asked, for nobody serves a whole range. UDP tells nothing. `near`: whether this machine shares a network
 * with the address, without which neither an answer nor silence proves much.
 */
export async function checkTargets(
  entries: readonly Entry[],
  options: ProbeOptions & { readonly near: (address: string) => boolean },
): Promise<Finding[]> {
  if (options.skip) return [];
  const { probe = probeTcp, near, timeout } = options;
  const seen = new Set<string>();
  const findings = entries.map(async (entry): Promise<Finding[]> => {
    const { target, enabled } = entry.forward;
    if (entry.tag === null || !enabled || target.kind !== 'host') return [];
    const { address } = target;
    const news = (protocol: Protocol) => (port: number) => {
      const key = `${address} ${protocol} ${port}`;
      return !seen.has(key) && seen.add(key);
    };
    const ports = choose(internal(entry, 'tcp'));
    const asked = ports.asked.filter(news('tcp'));
    const results = await Promise.all(
      asked.map(async (port) => ({ port, result: await probe(address, port, timeout) })),
    );
    const place = { name: nameOf(entry), address, near: near(address) };
    return [
      ...(['open', 'refused', 'silent'] as const).flatMap((which) => {
        const such = results.filter(({ result }) => result === which).map(({ port }) => single(port));
        return such.length > 0 ? [judge(place, textOf(such), which)] : [];
      }),
      ...leftOut(place, 'tcp', asked.length > 0 ? ports.left : [], 'too many to ask each'),
      ...leftOut(
        place,
        'udp',
        internal(entry, 'udp').filter(({ from }) => news('udp')(from)),
        'a UDP service need not answer a stranger',
      ),
    ];
  });
  return (await Promise.all(findings)).flat();
}

interface Place {
  readonly name: string;
  readonly address: string;
  readonly near: boolean;
}

const FROM_HERE = 'from here, which is another network';
const GO_NEARER = 'Run `portforward doctor` on a machine in the LAN to know more.';

function judge({ name, address, near }: Place, ports: string, result: Probe): Finding {
  const finding = (status: Finding['status'], check: string, words: string, hint: string): Finding => ({
    check,
    status,
    message: `${name}: ${address} ${words}.`,
    hint,
  });
  switch (result) {
    case 'open':
      return near
        ? { check: 'target', status: 'ok', message: `${name}: ${address} answers on tcp ${ports}.` }
        : finding('warn', 'target', `answers on tcp ${ports} ${FROM_HERE}, so it proves little`, GO_NEARER);
    case 'refused':
      return near
        ? finding(
            'fail',
            'target-port',
            `is there, but nothing answers on tcp ${ports}`,
            `Start the service there, or let it listen on ${address} and not on 127.0.0.1 alone.`,
          )
        : finding('warn', 'target-port', `refuses tcp ${ports} ${FROM_HERE}, so it proves little`, GO_NEARER);
    case 'silent':
      return near
        ? finding(
            'fail',
            'target-silent',
            `does not answer on tcp ${ports}`,
            'Check that the machine is on, that it has this address, and its own firewall.',
          )
        : finding('warn', 'target-silent', `does not answer on tcp ${ports} ${FROM_HERE}`, GO_NEARER);
  }
}

function leftOut(
  { name, address }: Place,
  protocol: Protocol,
  ports: readonly PortRange[],
  why: string,
): Finding[] {
  if (ports.length === 0) return [];
  const message = `${name}: ${protocol} ${textOf(ports)} of ${address} cannot be probed: ${why}.`;
  return [{ check: 'target', status: 'skip', message }];
}

/** All ports of a short list; of a long one its single ports, or where it has none its first. */
function choose(ranges: readonly PortRange[]): { readonly asked: number[]; readonly left: PortRange[] } {
  const count = ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  if (count <= MOST_PORTS) return { asked: ranges.flatMap(portsOf), left: [] };
  const singles = ranges.filter(({ from, to }) => from === to).slice(0, MOST_PORTS);
  const [first] = ranges;
  if (singles.length > 0 || first === undefined)
    return {
      asked: singles.map(({ from }) => from),
      left: ranges.filter((range) => !singles.includes(range)),
    };
  return { asked: [first.from], left: [{ from: first.from + 1, to: first.to }, ...ranges.slice(1)] };
}

function internal({ forward }: Entry, protocol: Protocol): PortRange[] {
  const spans = forward.traffic.filter((one) => one.protocol === protocol).flatMap(({ ports }) => ports);
  return mergeRanges(spans.map(({ from, to, target }) => ({ from: target, to: target + to - from })));
}

function portsOf({ from, to }: PortRange): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function single(port: number): PortRange {
  return { from: port, to: port };
}

function textOf(ranges: readonly PortRange[]): string {
  return printPorts(mergeRanges(ranges));
}
