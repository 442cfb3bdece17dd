import { UpnpFault } from '../errors';
import type { Mapping } from '../mapping';
import type { Action, ConnectionAsked } from './action';

/** The mapping that three arguments name, with the remote host or, on some routers, whatever that is. */
export function named({ args, habits, connection }: ConnectionAsked): Mapping | undefined {
  const remoteHost = args.remoteHost('NewRemoteHost');
  const port = args.externalPort('NewExternalPort');
  const there = connection.table.at(args.protocol('NewProtocol'), port);
  return habits.readsRemoteHost ? there.find((one) => one.remoteHost === remoteHost) : there[0];
}

export const deletePortMapping: Action<ConnectionAsked> = (asked) => {
  const { habits, asker, connection } = asked;
  const mapping = named(asked);
  if (!mapping) {
    if (habits.absentDelete === 'refused') throw new UpnpFault(714);
    return {};
  }
  // Version 1 has no code for it, and pretends that there is nothing.
  if (habits.secure && mapping.internalClient !== asker)
    throw new UpnpFault(habits.version === 2 ? 606 : 714);
  connection.table.remove(mapping);
  return {};
};

/** Whoever asks: miniupnpd does not look at the client here, not even in secure mode. */
export const deletePortMappingRange: Action<ConnectionAsked> = (asked) => {
  const found = inRange(asked);
  if (found.length === 0) throw new UpnpFault(730);
  for (const mapping of found) asked.connection.table.remove(mapping);
  return {};
};

/** The mappings of a window of ports, lowest first. */
export function inRange({ args, connection }: ConnectionAsked): readonly Mapping[] {
  const [start, end] = [args.ui2('NewStartPort'), args.ui2('NewEndPort')];
  const protocol = args.protocol('NewProtocol');
  if (start > end) throw new UpnpFault(733);
  return connection.table.all
    .filter((one) => one.protocol === protocol && start <= one.externalPort && one.externalPort <= end)
    .sort((a, b) => a.externalPort - b.externalPort);
}
