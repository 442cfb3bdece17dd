import { overlap } from '../../rule/conflicts';
import { PortforwardError } from '../../rule/error';
import { contentHash } from '../../rule/identity';
import type { Forward } from '../../rule/rule';
import { declaredTwice, namedTwice, RuleName } from '../../session/messages';
import { Occupancy } from '../../session/occupancy';

/** A rule as one plan wants it. */
export interface Wanted {
  /** Null while its name is not known. */
  readonly id: string | null;
  /** Null while some of it is not known. */
  readonly forward: Forward | null;
  /** The id under which it is recorded; null = it is new. */
  readonly before: string | null;
}

/** How a rule is called whose name is not known yet. */
const NAMELESS = '(its name is known after apply)';

interface Planned extends Wanted {
  readonly token: string;
}

/**
 * The rules that this process was asked to plan. An engine asks for them one by one and never tells their addresses; one
 * process serves one plan, so what it met so far is all that can be compared.
 */
export class Plans {
  private readonly planned = new Map<string, Planned>();
  private readonly byId = new Map<string, Planned>();
  private readonly occupied = new Occupancy<Planned>();
  /** Ids that go, with the content that their entries have; null = not known. */
  private readonly going = new Map<string, string | null>();

  /** Whether the token was given out by this process. */
  has(token: string): boolean {
    return this.planned.has(token);
  }

  /**
   * Takes a rule in, in place of what was planned under the token before. Answers why it cannot be beside the others,
   * or null; the complaint names the one that came first.
   */
  want(token: string, wanted: Wanted): PortforwardError | null {
    const mine: Planned = { ...wanted, token };
    const earlier = this.planned.get(token);
    this.planned.set(token, mine);
    const { id, forward } = mine;
    if (id !== null && id !== earlier?.id) {
      if (this.current(this.byId.get(id))) return namedTwice(id);
      this.byId.set(id, mine);
    }
    const error = this.wantedAndGone(mine) ?? this.conflict(mine);
    if (forward) this.occupied.add(forward, mine);
    return error;
  }

  /** A rule goes: its resource is destroyed, or is replaced by one of another id. Complains as `want` does. */
  drop(id: string, forward: Forward | null): PortforwardError | null {
    this.going.set(id, forward && contentHash(forward));
    const wanted = this.current(this.byId.get(id));
    return wanted ? this.wantedAndGone(wanted) : null;
  }

  /** As its token was planned last; null where it has another id by now. */
  private current(planned: Planned | undefined): Planned | null {
    const last = planned && this.planned.get(planned.token);
    return last && last.id === planned.id ? last : null;
  }

  private conflict({ token, id, forward }: Planned): PortforwardError | null {
    if (!forward) return null;
    for (const other of this.occupied.near(forward)) {
      if (other.token === token || this.planned.get(other.token) !== other) continue;
      const reason = other.forward && overlap(forward, other.forward);
      if (reason) return declaredTwice(id ?? NAMELESS, other.id ?? NAMELESS, reason);
    }
    return null;
  }

  /** Two resources with one id: what one puts there the other takes away, in whatever order the engine likes. */
  private wantedAndGone({ id, before, forward }: Planned): PortforwardError | null {
    if (id === null || !this.going.has(id)) return null;
    if (before === id)
      return new PortforwardError(
        'conflict',
        `${RuleName(id)} is kept at one address and destroyed at another, and both are one rule on the gateway.`,
        {
          hint: 'Let the engine forget the other address instead: with its command "state rm", or with a block removed { from = … } that has lifecycle { destroy = false }. If the other is a deposed object, of a replacement that was cut short, "state rm" of the rule forgets both, and an import block takes the rule in again; it stays where it is meanwhile.',
          property: 'name',
        },
      );
    const content = this.going.get(id);
    // Equal content: whoever comes last finds it done (decision 4).
    if (forward && contentHash(forward) === content) return null;
    return new PortforwardError(
      'conflict',
      `${RuleName(id)} is destroyed at one address and created at another, with other content.`,
      {
        hint: 'If it is the same rule, say so with a block moved { from = … to = … }: then it is changed in place. If not, give the new one another name. If the old one is a deposed object, of a replacement that was cut short, let the engine forget it with its command "state rm", and import the rule: then it is changed in place.',
        property: 'name',
      },
    );
  }
}
