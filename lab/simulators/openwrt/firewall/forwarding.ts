import type { Entry } from './entry';
import { infer } from './infer-family';
import { LeftOut } from './left-out';
import { family, flag, text } from './meanings';
import { one, readOptions } from './options';
import type { Source } from './source';
import type { FirewallState } from './state';
import { zoneReference } from './zone-reference';

const options = ({ zones }: FirewallState) => ({
  enabled: one(flag, { fallback: '1' }),
  name: one(text),
  family: one(family),
  src: one(zoneReference(zones), { required: true }),
  dest: one(zoneReference(zones), { required: true }),
});

/** A section `forwarding`: everything from one zone to another may pass. */
export function readForwarding(source: Source, state: FirewallState): void {
  const found = readOptions(source, options(state), state.warn);
  if (!found.src || !found.dest) throw new LeftOut('skipped due to invalid options');
  if (!found.enabled) throw new LeftOut('is disabled, ignoring section');
  const { src, dest } = found;
  const agreed = infer(found.family, [
    [src.zone?.family, 'source zone'],
    [dest.zone?.family, 'destination zone'],
  ]);
  if (typeof agreed === 'string') throw new LeftOut(`${agreed}, skipping`);
  const version = agreed ? `IPv${agreed} ` : '';
  const usual = `Accept ${src.zone?.name ?? 'any'} to ${dest.zone?.name ?? 'any'} ${version}forwarding`;
  dest.zone?.verdictsTo.add('accept');
  const entry: Entry = {
    chain: src.zone ? `forward_${src.zone.name}` : 'forward',
    name: found.name ?? usual,
    matches: { family: agreed ?? 0, protocol: { name: 'all', any: true }, hasPorts: false, conditions: {} },
    counter: false,
    log: undefined,
    logLimit: undefined,
    zoneLimit: undefined,
    action: dest.zone ? `jump accept_to_${dest.zone.name}` : 'accept',
    loosePort: false,
  };
  state.entries.push(entry);
}
