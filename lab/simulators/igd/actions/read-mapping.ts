import { DaemonDied, UpnpFault } from '../errors';
import { leaseLeft, type Mapping } from '../mapping';
import { element, NO_TEXT } from '../xml';
import type { Action, ConnectionAsked } from './action';
import { inRange, named } from './delete-mapping';

/** One mapping without what was asked for: so the remote host does not come back (WANIPConnection:2 2.5.15). */
export const getSpecificPortMappingEntry: Action<ConnectionAsked> = (asked) => {
  const mapping = named(asked);
  if (!mapping) throw new UpnpFault(714);
  return { ...rest(mapping, asked.now), NewPortMappingDescription: mapping.description };
};

/** By its place in the table, which changes with every mapping that comes or goes. */
export const getGenericPortMappingEntry: Action<ConnectionAsked> = ({ args, habits, connection, now }) => {
  const { all } = connection.table;
  const index = args.ui2('NewPortMappingIndex');
  const mapping = all[habits.order === 'newest first' ? all.length - 1 - index : index];
  if (!mapping) throw new UpnpFault(habits.endOfTable);
  return {
    NewRemoteHost: mapping.remoteHost,
    NewExternalPort: String(mapping.externalPort),
    NewProtocol: mapping.protocol,
    ...rest(mapping, now),
  };
};

function rest(mapping: Mapping, now: number): Record<string, string> {
  return {
    NewInternalPort: String(mapping.internalPort),
    NewInternalClient: mapping.internalClient,
    NewEnabled: mapping.enabled ? '1' : '0',
    NewPortMappingDescription: withoutGarbage(mapping.description),
    NewLeaseDuration: String(leaseLeft(mapping, now)),
  };
}

const LIST =
  '<p:PortMappingList xmlns:p="urn:schemas-upnp-org:gw:WANIPConnection" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ' +
  'xsi:schemaLocation="urn:schemas-upnp-org:gw:WANIPConnection http://www.upnp.org/schemas/gw/WANIPConnection-v2.xsd">';

/** WANIPConnection:2 2.5.21. Its elements have names of their own (2.3.25). */
export const getListOfPortMappings: Action<ConnectionAsked> = (asked) => {
  const { args, habits, now } = asked;
  const most = args.ui2('NewNumberOfPorts') || Number.POSITIVE_INFINITY;
  const found = inRange(asked).slice(0, most);
  if (found.length === 0 && habits.emptyList === 730) throw new UpnpFault(730);
  if (found.length >= habits.listKillsAt) throw new DaemonDied();
  const entries = found.map((mapping) => {
    const values = Object.entries({
      'p:NewRemoteHost': mapping.remoteHost,
      'p:NewExternalPort': String(mapping.externalPort),
      'p:NewProtocol': mapping.protocol,
      'p:NewInternalPort': String(mapping.internalPort),
      'p:NewInternalClient': mapping.internalClient,
      'p:NewEnabled': mapping.enabled ? '1' : '0',
      'p:NewDescription': withoutGarbage(mapping.description),
      'p:NewLeaseTime': String(leaseLeft(mapping, now)),
    });
    return `<p:PortMappingEntry>${values.map(([name, text]) => element(name, text)).join('')}</p:PortMappingEntry>`;
  });
  return { NewPortListing: { cdata: `${LIST}${entries.join('')}</p:PortMappingList>` } };
};

function withoutGarbage(description: string): string {
  return description.replaceAll(NO_TEXT, '');
}
