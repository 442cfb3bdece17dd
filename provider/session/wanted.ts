import type { Capabilities } from '../rule/capabilities';
import { diff } from '../rule/diff';
import { expand } from '../rule/expand';
import { contentHash, tagOf } from '../rule/identity';
import { normalise } from '../rule/normalise';
import type { Rule } from '../rule/rule';
import type { Intent, Task, WantedPart } from './intent';
import type { RuleState } from './state';

/** The entries a rule shall have on this gateway; none for a disabled rule where the gateway cannot keep it. */
export function wantedParts(rule: Rule, capabilities: Capabilities): readonly WantedPart[] {
  if (!rule.forward.enabled && !keepsDisabled(capabilities)) return [];
  const lease = leaseFor(rule, capabilities);
  return expand(rule.forward, capabilities).map((forward) => ({
    content: contentHash(forward),
    forward,
    lease,
  }));
}

/** Whether a rule that is off stays in the gateway's table; elsewhere it is removed, and its absence is correct. */
export function keepsDisabled(capabilities: Capabilities): boolean {
  return capabilities.properties.has('enabled');
}

/** The content hashes of what a state says is there; from its inputs where it recorded no entries. */
export function recordedContents(recorded: RuleState, capabilities: Capabilities): ReadonlySet<string> {
  if (recorded.entries.length > 0) return new Set(recorded.entries.map(({ content }) => content));
  try {
    // Read from a state that may hold live values which no rule accepts.
    const { forward } = normalise(recorded.inputs);
    return new Set(expand(forward, capabilities).map(contentHash));
  } catch {
    return new Set();
  }
}

/** Makes an intent ready for a batch on this gateway. */
export function task(intent: Intent, capabilities: Capabilities): Task {
  const wanted = intent.kind === 'delete' ? [] : wantedParts(intent.rule, capabilities);
  const recorded = intent.recorded ? recordedContents(intent.recorded, capabilities) : [];
  return {
    intent,
    mark: tagOf(intent.id),
    wanted,
    contents: new Set([...recorded, ...wanted.map(({ content }) => content)]),
    rewrite: unsetsHairpin(intent),
    claimed: new Set(),
    copies: new Set(),
    lived: new Map(),
    added: new Set(),
    attempts: new Map(),
    failure: null,
  };
}

/** Going back to the gateway's own habit cannot be seen in the entry, so the entry must be written. */
function unsetsHairpin(intent: Intent): boolean {
  if (intent.kind !== 'update' || intent.recorded === null || intent.rule.forward.hairpin !== null)
    return false;
  return diff({ ...intent.recorded.inputs }, { ...intent.inputs }).includes('hairpin');
}

/** Where mappings expire: what was asked for, else the longest the gateway grants. */
function leaseFor(rule: Rule, { lease }: Capabilities): number | null {
  if (!lease) return null;
  return Math.min(Math.max(rule.lease ?? lease.max, lease.min), lease.max);
}
