import { isIPv4 } from 'node:net';
import { UpnpFault } from '../errors';
import type { Mapping } from '../mapping';
import { NO_TEXT } from '../xml';
import type { Action, ConnectionAsked } from './action';

/** WANIPConnection:2 2.5.16: overwrites what is the same, and refuses what belongs to another. */
export const addPortMapping: Action<ConnectionAsked> = (asked) => {
  const { args, habits } = asked;
  const externalPort = args.externalPort('NewExternalPort');
  if (habits.externalPorts === 'none') throw new UpnpFault(727);
  put(asked, wanted(asked, externalPort));
  return {};
};

/** WANIPConnection:2 2.5.17: takes the next free port where the wanted one is not to be had. */
export const addAnyPortMapping: Action<ConnectionAsked> = (asked) => {
  const first = asked.args.ui2('NewExternalPort') || 1024;
  for (let step = 0; step < 65_535; step += 1) {
    const port = ((first + step - 1) % 65_535) + 1;
    if (port < asked.habits.lowestPort) continue;
    try {
      put(asked, wanted(asked, port));
      return { NewReservedPort: String(port) };
    } catch (error) {
      // A port that is taken; anything else would be the same on every other.
      if (!(error instanceof UpnpFault && [718, 729].includes(error.code))) throw error;
    }
  }
  throw new UpnpFault(728);
};

/** The mapping that is asked for, if it is one that this router makes at all. */
function wanted({ args, habits, asker, now }: ConnectionAsked, externalPort: number): Mapping {
  const remoteHost = args.remoteHost('NewRemoteHost');
  const internalClient = args.text('NewInternalClient').trim();
  const internalPort = args.ui2('NewInternalPort');
  const protocol = args.protocol('NewProtocol');
  const lease = args.ui4('NewLeaseDuration');
  const enabled = args.boolean('NewEnabled') || habits.alwaysEnabled;
  const { version } = habits;
  if (habits.remoteHosts === 'none' && remoteHost !== '') throw new UpnpFault(726);
  if (['', '*', '0.0.0.0'].includes(internalClient)) throw new UpnpFault(715);
  if (!isIPv4(internalClient)) throw new UpnpFault(402);
  if (habits.secure && internalClient !== asker) throw new UpnpFault(habits.refusal);
  if (internalPort === 0) throw new UpnpFault(version === 2 ? 732 : 402);
  if (habits.externalPorts === 'same' && externalPort !== internalPort) throw new UpnpFault(724);
  if (habits.leases === 'none' && lease !== 0) throw new UpnpFault(725);
  if (habits.zeroLease === 'refused' && lease === 0) throw new UpnpFault(402);
  if (externalPort < habits.lowestPort) throw new UpnpFault(606);
  const seconds = granted(lease, habits);
  return {
    protocol,
    externalPort,
    remoteHost,
    internalClient,
    internalPort,
    enabled,
    description: described(args.text('NewPortMappingDescription'), habits),
    expires: seconds === 0 ? null : now + seconds * 1000,
  };
}

/** Seconds; 0 = for ever. */
function granted(lease: number, { leases, zeroLease, longestLease }: ConnectionAsked['habits']): number {
  if (leases === 'none') return 0;
  if (lease !== 0) return Math.min(lease, longestLease);
  return zeroLease === 'permanent' ? 0 : longestLease;
}

function described(text: string, { description: { room, longer } }: ConnectionAsked['habits']): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= room) return text;
  if (longer === 'refused') throw new UpnpFault(605);
  const cut = bytes.subarray(0, room).toString();
  return longer === 'cut' ? cut : cut + NO_TEXT + NO_TEXT;
}

/** Figure 2-3 of WANIPConnection:2: who has the port, and who gets it. */
function put({ habits, connection }: ConnectionAsked, mapping: Mapping): void {
  const { table } = connection;
  if (habits.alwaysConflict) throw new UpnpFault(718);
  const there = table.at(mapping.protocol, mapping.externalPort);
  const same = there.find(({ remoteHost }) => remoteHost === mapping.remoteHost);
  if (there.some(({ internalClient }) => internalClient !== mapping.internalClient)) throw new UpnpFault(718);
  if (there.some((one) => one !== same) && habits.remoteHosts !== 'several') throw new UpnpFault(718);
  if (same) {
    table.put(overwritten(same, mapping, habits));
    return;
  }
  if (habits.ownPorts.includes(mapping.externalPort)) throw new UpnpFault(habits.version === 2 ? 729 : 718);
  if (table.all.length >= habits.capacity) throw new UpnpFault(habits.version === 2 ? 728 : 501);
  if (habits.privateAddress === 'hidden' && !connection.isPublic) throw new UpnpFault(501);
  const { remoteHost } = mapping;
  table.put(
    habits.forgetsRemoteHost && remoteHost !== ''
      ? { ...mapping, remoteHost: '', onlyFrom: remoteHost }
      : mapping,
  );
}

/** With what a renewal leaves as it was. */
function overwritten(before: Mapping, after: Mapping, habits: ConnectionAsked['habits']): Mapping {
  const renewal = before.internalPort === after.internalPort;
  return {
    ...after,
    ...(habits.renewalKeepsDescription && renewal ? { description: before.description } : {}),
    ...(before.onlyFrom === undefined ? {} : { onlyFrom: before.onlyFrom }),
  };
}
