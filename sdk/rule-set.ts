import { checkRule } from '../provider/rule/check';
import { conflicts, overlap } from '../provider/rule/conflicts';
import { normalise } from '../provider/rule/normalise';
import {
  type Failure,
  type Forward,
  type LooseInputs,
  type RuleInputs,
  UNKNOWN,
} from '../provider/rule/rule';
import { isSettled, knownNow, settleEach } from './known';
import { Verdict } from './verdict';

interface Member {
  /** How the program calls the resource, for messages. */
  readonly resource: string;
  readonly name: string | null;
  readonly forward: Forward | null;
}

/**
 * All rules of one gateway in one program. No rule is handed to Pulumi before every rule known by then was checked,
 * so what is wrong among them fails the preview, and also an `up` that skips it, with nothing changed.
 */
export class RuleSet {
  /** Compared with each other already. */
  private readonly compared: Member[] = [];
  private arrived: Member[] = [];

  constructor(
    private readonly gateway: string,
    private readonly verdict: Verdict = new Verdict(),
  ) {
    verdict.ask(() => this.compareArrived());
  }

  /**
   * Checks what is known at once. The promise resolves when the rule may be registered: its Outputs are there, the rest
   * of the program's turn has run, and nothing is wrong. It rejects with a RunError that tells every property at fault
   * and every conflict, of this rule and of the others.
   */
  async add(resource: string, inputs: Readonly<Record<string, unknown>>): Promise<void> {
    let known = knownNow(inputs) as LooseInputs;
    let wrong = this.complains(resource, known);
    if (!wrong && !isSettled(known)) {
      known = await settleEach(inputs);
      wrong = this.complains(resource, known);
    }
    // A wrong rule takes part by its name alone.
    this.arrived.push({ resource, name: nameOf(known), forward: wrong ? null : forwardOf(known) });
    await restOfTheTurn();
    this.verdict.pronounce();
  }

  /** Whether the rule is wrong by itself; the verdict then knows why. */
  private complains(resource: string, inputs: LooseInputs): boolean {
    const sentences = checkRule(inputs).map((failure) => sentence(resource, inputs, failure));
    this.verdict.complain(sentences);
    return sentences.length > 0;
  }

  /** Each pair is compared once, however many rules wait and whenever their Outputs arrive. */
  private compareArrived(): string[] {
    const [before, arrived] = [[...this.compared], this.arrived];
    this.compared.push(...arrived);
    this.arrived = [];
    return arrived.length === 0
      ? []
      : [...this.namesakes(before, arrived), ...this.overlaps(before, arrived)];
  }

  private namesakes(before: readonly Member[], arrived: readonly Member[]): string[] {
    const byName = new Map<string, Member[]>();
    for (const member of [...before, ...arrived])
      if (member.name !== null) byName.set(member.name, [...(byName.get(member.name) ?? []), member]);
    return [...byName]
      .filter(([, group]) => group.length > 1 && group.some((member) => arrived.includes(member)))
      .map(
        ([name, group]) =>
          `${group.length} rules of gateway "${this.gateway}" have the name "${name}" (resources ${group.map(quoted).join(', ')}): give each a \`name\` of its own, it is part of the id on the gateway.`,
      );
  }

  private overlaps(before: readonly Member[], arrived: readonly Member[]): string[] {
    const found: string[] = [];
    const tell = (a: Member, b: Member, reason: string) =>
      found.push(
        `rules ${quoted(a)} and ${quoted(b)} of gateway "${this.gateway}" conflict: ${reason}. Change the ports, the sources or the WAN of one.`,
      );
    for (const a of before)
      for (const b of arrived) {
        const reason = a.forward && b.forward ? overlap(a.forward, b.forward) : null;
        if (reason !== null) tell(a, b, reason);
      }
    const known = arrived.filter((member) => member.forward !== null);
    // Positions serve as names here: namesakes are told above, once.
    const rules = known.map(({ forward }, index) => ({ name: `${index}`, forward: forward as Forward }));
    for (const { a, b, reason } of conflicts(rules))
      tell(known[Number(a)] as Member, known[Number(b)] as Member, reason);
    return found;
  }
}

function quoted({ resource }: Member): string {
  return `"${resource}"`;
}

function nameOf({ name }: LooseInputs): string | null {
  return typeof name === 'string' ? name : null;
}

/** Properties that never decide whether two rules conflict; an unknown one is left out. */
const WITHOUT_WEIGHT = new Set([
  'name',
  'hairpin',
  'log',
  'description',
  'adopt',
  'lease',
  'allowManagementPorts',
]);

/** A rule with unknown traffic, source or target takes part by its name only, until `up` knows more. */
function forwardOf(inputs: LooseInputs): Forward | null {
  const weighty = Object.entries(inputs).filter(([key]) => !WITHOUT_WEIGHT.has(key));
  if (weighty.some(([, value]) => value === UNKNOWN || !isSettled(value))) return null;
  return normalise({ ...(Object.fromEntries(weighty) as unknown as RuleInputs), name: 'rule' }).forward;
}

function sentence(resource: string, { name }: LooseInputs, { property, reason }: Failure): string {
  const hint =
    property === 'name' && name === resource
      ? ' By default it is the name of the resource: give the rule a `name` of its own.'
      : '';
  return `rule "${resource}": ${property}: ${reason}${hint}`;
}

/** Lets the program declare the rest of its rules: they come in the same turn, or in promises already under way. */
function restOfTheTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
