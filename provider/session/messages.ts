import type { Entry } from '../backends/backend';
import { PortforwardError } from '../rule/error';
import { naturalKey, splitId } from '../rule/identity';
import type { Standing } from './ownership';
import type { RuleState } from './state';

/** A rule as messages name it, within a sentence. */
export function ruleName(id: string): string {
  return `rule "${splitId(id)?.name ?? id}"`;
}

/** The same at the beginning of a sentence. */
export function RuleName(id: string): string {
  return `R${ruleName(id).slice(1)}`;
}

/** An entry as a person finds it on the device. */
export function describe(entry: Entry): string {
  return `${naturalKey(entry.forward)} (${entry.label}, handle ${entry.handle})`;
}

/** Another's entry takes packets that the rule wants. */
export function foreignInTheWay(id: string, entry: Entry, whose: Standing, reason: string): PortforwardError {
  const text = `${RuleName(id)} cannot have its port: ${owns(whose)} is in the way, ${describe(entry)}; ${reason}.`;
  const word = adoptWord(entry);
  const hint =
    whose.kind === 'stranger'
      ? `Remove it where it is declared, use another port, or take it over with adopt: "${word}".`
      : notAdoptable(entry) === null
        ? `Take it over with adopt: "${word}", remove it on the gateway, or use another port.`
        : 'Remove it on the gateway, or use another port.';
  return new PortforwardError('foreign', text, { hint, property: 'externalPort' });
}

/** What `adopt` would name it by: its natural key reads better, its handle is never ambiguous. */
export function adoptWord(entry: Entry): string {
  return naturalKey(entry.forward);
}

/** Why an entry may not be taken over, in words; null = it may. */
export function notAdoptable(entry: Entry): string | null {
  if (!entry.changeable) return 'the gateway does not let others change it';
  if (entry.restriction !== null) {
    return `it has a restriction that a rule cannot express (${entry.restriction}), and taking it over would lift that`;
  }
  return null;
}

function owns(whose: Standing): string {
  if (whose.kind === 'foreign') return 'an entry that is not ours';
  if (whose.kind === 'owned') return `an entry of ${ruleName(whose.id)}`;
  return whose.owner === null
    ? 'an entry that portforward wrote, for whom the gateway has no room to say,'
    : `an entry of owner "${whose.owner}"`;
}

/** A rule of ours that this run wrote already takes packets that the rule wants. */
export function claimedTwice(id: string, other: string, reason: string): PortforwardError {
  const text = `${RuleName(id)} conflicts with ${ruleName(other)}, which this run has already put on the gateway: ${reason}.`;
  return new PortforwardError('conflict', text, {
    hint: 'Give them different external ports, sources or WANs.',
    property: 'externalPort',
  });
}

/** A rule of ours that this run has checked wants what it has, and so does this one. */
export function declaredTwice(id: string, other: string, reason: string): PortforwardError {
  return new PortforwardError('conflict', `${RuleName(id)} conflicts with ${ruleName(other)}: ${reason}.`, {
    hint: 'Give them different external ports, sources or WANs.',
    property: 'externalPort',
  });
}

/** An entry of another rule of ours was changed by hand, and now takes what this rule wants. */
export function changedByHand(id: string, other: string, entry: Entry, reason: string): PortforwardError {
  const text = `${RuleName(id)} cannot have its port: an entry of ${ruleName(other)} that was changed by hand is in the way, ${describe(entry)}; ${reason}.`;
  return new PortforwardError('conflict', text, {
    hint: 'Let a refresh see the change first, then run again.',
    property: 'externalPort',
  });
}

/** A second rule of this run has the same name, hence the same id. */
export function namedTwice(id: string): PortforwardError {
  return new PortforwardError('conflict', `Two rules of this run are named "${splitId(id)?.name ?? id}".`, {
    hint: 'Names are unique per gateway and owner: give one of them another name.',
    property: 'name',
  });
}

/** A create met entries under its own tag that say something else. */
export function otherContent(id: string, entry: Entry): PortforwardError {
  const text = `The gateway already holds an entry of ${ruleName(id)} that says something else: ${describe(entry)}.`;
  return new PortforwardError('conflict', text, {
    hint: `Take it over with adopt: "${adoptWord(entry)}", remove it on the gateway, or give the rule another name.`,
    property: 'name',
  });
}

/** Somebody copied an entry of the rule with its tag; the copy takes packets that the rule wants. */
export function copyInTheWay(id: string, entry: Entry, reason: string): PortforwardError {
  const text = `${RuleName(id)} cannot have its port: a copy of one of its own entries is in the way, ${describe(entry)}; ${reason}.`;
  return new PortforwardError('foreign', text, {
    hint: 'It was not written by us, so it is left alone: remove it on the gateway.',
    property: 'externalPort',
  });
}

/** The user's `adopt` names an entry that may not be taken over. */
export function cannotAdopt(id: string, entry: Entry, why: string): PortforwardError {
  return new PortforwardError('foreign', `${RuleName(id)} cannot adopt ${describe(entry)}: ${why}.`, {
    hint: 'Remove it on the gateway yourself, or use another external port.',
    property: 'adopt',
  });
}

/** The user's `adopt` names several entries. */
export function adoptsSeveral(id: string, adopt: string, entries: readonly Entry[]): PortforwardError {
  const text = `${RuleName(id)}: adopt "${adopt}" names ${entries.length} entries: ${entries.map(describe).join('; ')}.`;
  return new PortforwardError('foreign', text, { hint: 'Name one by its handle.', property: 'adopt' });
}

/** The gateway said yes, and the look shows that nothing came of it. */
export function unchanged(id: string, what: string): PortforwardError {
  return new PortforwardError('unchanged', `The gateway reported success for ${ruleName(id)}, but ${what}.`, {
    hint: 'Look at its log and its own pages; a restart of the gateway may be needed.',
  });
}

/** Name and owner make the id, by which a rule knows its entries: they cannot change in place. */
export function otherId(id: string, recorded: RuleState): PortforwardError {
  const text = `${RuleName(id)} was recorded as "${recorded.owner}/${recorded.inputs.name}", and is now "${id}".`;
  return new PortforwardError('invalid', text, {
    hint: 'A new name or owner is a new rule: delete the old one first, then create it.',
    property: 'name',
  });
}
