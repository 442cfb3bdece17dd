import { checkNetwork, checkRule } from '../../provider/rule/check';
import { hasCode } from '../../provider/rule/error';
import { parseTag, splitId, tagOf } from '../../provider/rule/identity';
import { normalise } from '../../provider/rule/normalise';
import { type PortRange, printPorts } from '../../provider/rule/ports';
import type { Failure, Forward, RuleInputs } from '../../provider/rule/rule';
import type { WantedWire } from '../api/wire';
import { equalJson, type Json } from '../kernel/expression';
import type { Facts } from '../kernel/kernel';

/** What a wanted entry is measured against. */
export type Network = Pick<Facts, 'wans' | 'lans' | 'own' | 'ipForward'>;

export interface Refusal {
  readonly code: 'invalid' | 'refused';
  readonly message: string;
  readonly hint?: string;
  readonly property?: string;
}

/**
 * The agent's own gate, whatever the client checked: addresses, ports, sources and texts must be exactly what the rule's
 * own functions make of them, the tag must belong to the id, and the target must be reachable from here.
 */
export class Gate {
  /** What was said of a target and a WAN: many entries of one batch share theirs. */
  private readonly places = new Map<string, Failure | undefined>();

  constructor(private readonly network: Network) {}

  /** Null = admitted. */
  admit({ tag, id, forward }: WantedWire): Refusal | null {
    if (parseTag(tag)?.rule !== tagOf(id))
      return { code: 'invalid', message: `The tag ${tag} does not belong to the id it comes with.` };
    const inputs = spelled(id, forward);
    if (inputs === null)
      return { code: 'invalid', message: 'The entry cannot be spelled as a rule, so it is not one of ours.' };
    const normal = normalForm(inputs);
    if ('property' in normal) return { code: 'invalid', message: normal.reason, property: normal.property };
    if (!equalJson(normal as unknown as Json, forward as unknown as Json))
      return {
        code: 'invalid',
        message: 'The entry is not in its normal form (sorted, merged, canonical text).',
      };
    const misplaced = this.misplaced(inputs);
    if (misplaced) return { code: 'invalid', message: misplaced.reason, property: misplaced.property };
    return forward.enabled ? routed(forward, this.network) : null;
  }

  private misplaced({ internalAddress, wan }: RuleInputs): Failure | undefined {
    const place = `${internalAddress} ${wan}`;
    if (!this.places.has(place)) {
      const network = { ...this.network, addresses: this.network.own };
      this.places.set(place, checkNetwork({ internalAddress, wan }, network, null)[0]);
    }
    return this.places.get(place);
  }
}

/**
 * The forward as its user could have written it, or null where no rule says this. Nothing is checked here: whatever does
 * not fit a rule comes out of `normalise` otherwise than it went in.
 */
function spelled(id: string, forward: Forward): (RuleInputs & Record<string, unknown>) | null {
  const name = splitId(id)?.name;
  const ports = forward.traffic[0]?.ports;
  if (name === undefined || ports === undefined) return null;
  const { enabled, wan, target, sources, hairpin, log, description } = forward;
  return {
    name,
    enabled,
    protocol: forward.traffic.map(({ protocol }) => protocol).join('+') as 'tcp' | 'udp' | 'tcp+udp',
    externalPort: spelledPorts(ports),
    internalPort: spelledPorts(
      ports.map((span) => ({ from: span.target, to: span.target + span.to - span.from })),
    ),
    internalAddress: target.kind === 'host' ? target.address : 'gateway',
    log,
    description,
    ...(wan === null ? {} : { wan }),
    ...(sources === null ? {} : { sources }),
    ...(hairpin === null ? {} : { hairpin }),
  };
}

function spelledPorts(ranges: readonly PortRange[]): number | string {
  const [only] = ranges;
  return only && ranges.length === 1 && only.from === only.to ? only.from : printPorts(ranges);
}

/** What the rule's own functions make of it, or the first thing that is wrong with it. */
function normalForm(inputs: RuleInputs & Record<string, unknown>): Forward | Failure {
  try {
    return normalise(inputs).forward;
  } catch (error) {
    const [failure] = checkRule(inputs);
    if (hasCode(error, 'invalid') && failure) return failure;
    throw error;
  }
}

/** A forward that the kernel would not route is a silent time-out for whoever connects: refused with the remedy. */
function routed(forward: Forward, { ipForward }: Network): Refusal | null {
  if (forward.target.kind === 'gateway') return null;
  const six = forward.target.family === 6;
  if (six ? ipForward.v6 : ipForward.v4) return null;
  const name = six ? 'net.ipv6.conf.all.forwarding' : 'net.ipv4.ip_forward';
  return {
    code: 'refused',
    message: `The gateway does not route IPv${six ? 6 : 4}: ${name} is 0, so every connection would time out.`,
    hint: sysctlAdvice(name),
  };
}

/** How to switch routing on for good. */
export function sysctlAdvice(name: string): string {
  return `Run there: echo '${name}=1' | sudo tee /etc/sysctl.d/60-portforward.conf && sudo sysctl --system.`;
}
