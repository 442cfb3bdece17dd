import { parseAddress, parseCidr } from '../../provider/rule/address';
import { PortforwardError } from '../../provider/rule/error';
import type { KernelEntry } from './kernel';
import { familyOf } from './wan-match';

/** Refuses what must never reach nft, whose JSON hands every text it does not know to the resolver. */
export function checkEntry({ tag, forward }: KernelEntry): void {
  const family = familyOf(forward);
  const wan = forward.wan === null ? null : parseAddress(forward.wan);
  if (wan && (family === 6 || wan.family === 6)) {
    const why =
      family === 6 ? 'A pinhole has no public address but its own' : 'An IPv4 forward needs an IPv4 address';
    throw new PortforwardError('unsupported', `${why}: wan ${forward.wan} cannot be.`, {
      property: 'wan',
      hint: 'Name the WAN interface instead, or leave wan out.',
    });
  }
  const ports = forward.traffic.flatMap(({ ports }) => ports);
  const sound =
    (wan !== null || forward.wan === null || /^[A-Za-z0-9_.-]{1,15}$/.test(forward.wan)) &&
    (forward.target.kind === 'gateway' || parseAddress(forward.target.address)?.family === family) &&
    (forward.sources ?? []).every((source) => source.includes('/') && parseCidr(source)?.family === family) &&
    forward.traffic.every(({ protocol }) => protocol === 'tcp' || protocol === 'udp') &&
    ports.length > 0 &&
    ports.every(
      ({ from, to, target }) => isPort(from) && isPort(to) && from <= to && isPort(target + to - from),
    );
  if (!sound) throw new PortforwardError('internal', `The entry ${tag} is not in normal form.`);
  if (family === 6 && ports.some(({ from, target }) => from !== target)) {
    throw new PortforwardError('unsupported', 'A pinhole translates nothing, so its ports cannot change.', {
      property: 'internalPort',
    });
  }
}

const isPort = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= 65535;
