/** One action as the service's document has it: arguments in their order, which strict routers insist on. */
export interface ActionFact {
  readonly name: string;
  readonly takes: readonly string[];
  readonly gives: readonly string[];
}

const TUPLE = ['NewRemoteHost', 'NewExternalPort', 'NewProtocol'];
const REST = [
  'NewInternalPort',
  'NewInternalClient',
  'NewEnabled',
  'NewPortMappingDescription',
  'NewLeaseDuration',
];
const RANGE = ['NewStartPort', 'NewEndPort', 'NewProtocol', 'NewManage'];
const PINHOLE = ['RemoteHost', 'RemotePort', 'InternalClient', 'InternalPort', 'Protocol'];

const action = (name: string, takes: readonly string[] = [], gives: readonly string[] = []): ActionFact => ({
  name,
  takes,
  gives,
});

/** WANIPConnection:1 and WANPPPConnection:1, as far as gateways of the home have them. */
const connection1: readonly ActionFact[] = [
  action('SetConnectionType', ['NewConnectionType']),
  action('GetConnectionTypeInfo', [], ['NewConnectionType', 'NewPossibleConnectionTypes']),
  action('RequestConnection'),
  action('ForceTermination'),
  action('GetStatusInfo', [], ['NewConnectionStatus', 'NewLastConnectionError', 'NewUptime']),
  action('GetNATRSIPStatus', [], ['NewRSIPAvailable', 'NewNATEnabled']),
  action('GetGenericPortMappingEntry', ['NewPortMappingIndex'], [...TUPLE, ...REST]),
  action('GetSpecificPortMappingEntry', TUPLE, REST),
  action('AddPortMapping', [...TUPLE, ...REST]),
  action('DeletePortMapping', TUPLE),
  action('GetExternalIPAddress', [], ['NewExternalIPAddress']),
];

const connection2: readonly ActionFact[] = [
  ...connection1,
  action('DeletePortMappingRange', RANGE),
  action('GetListOfPortMappings', [...RANGE, 'NewNumberOfPorts'], ['NewPortListing']),
  action('AddAnyPortMapping', [...TUPLE, ...REST], ['NewReservedPort']),
];

const common: readonly ActionFact[] = [
  action(
    'GetCommonLinkProperties',
    [],
    [
      'NewWANAccessType',
      'NewLayer1UpstreamMaxBitRate',
      'NewLayer1DownstreamMaxBitRate',
      'NewPhysicalLinkStatus',
    ],
  ),
];

const firewall: readonly ActionFact[] = [
  action('GetFirewallStatus', [], ['FirewallEnabled', 'InboundPinholeAllowed']),
  action('AddPinhole', [...PINHOLE, 'LeaseTime'], ['UniqueID']),
  action('UpdatePinhole', ['UniqueID', 'NewLeaseTime']),
  action('DeletePinhole', ['UniqueID']),
  action('GetPinholePackets', ['UniqueID'], ['PinholePackets']),
  action('CheckPinholeWorking', ['UniqueID'], ['IsWorking']),
];

/** The actions of a service by its type without `urn:schemas-upnp-org:service:`. */
export const serviceActions: Readonly<Record<string, readonly ActionFact[]>> = {
  'WANIPConnection:1': connection1,
  'WANIPConnection:2': connection2,
  'WANPPPConnection:1': connection1,
  'WANCommonInterfaceConfig:1': common,
  'WANIPv6FirewallControl:1': firewall,
};

/** The state variable behind an argument, where that is not the name without `New`. */
const variables: Readonly<Record<string, string>> = {
  NewProtocol: 'PortMappingProtocol',
  NewEnabled: 'PortMappingEnabled',
  NewLeaseDuration: 'PortMappingLeaseDuration',
  NewStartPort: 'ExternalPort',
  NewEndPort: 'ExternalPort',
  NewReservedPort: 'ExternalPort',
  NewPortMappingIndex: 'PortMappingNumberOfEntries',
  NewNumberOfPorts: 'PortMappingNumberOfEntries',
  NewManage: 'A_ARG_TYPE_Manage',
  NewPortListing: 'A_ARG_TYPE_PortListing',
  RemoteHost: 'A_ARG_TYPE_IPv6Address',
  InternalClient: 'A_ARG_TYPE_IPv6Address',
  RemotePort: 'A_ARG_TYPE_Port',
  InternalPort: 'A_ARG_TYPE_Port',
  Protocol: 'A_ARG_TYPE_Protocol',
  LeaseTime: 'A_ARG_TYPE_LeaseTime',
  NewLeaseTime: 'A_ARG_TYPE_LeaseTime',
  UniqueID: 'A_ARG_TYPE_UniqueID',
  PinholePackets: 'A_ARG_TYPE_PinholePackets',
  IsWorking: 'A_ARG_TYPE_Boolean',
};

export function variableOf(argument: string): string {
  return variables[argument] ?? argument.replace(/^New/, '');
}

const types: Readonly<Record<string, string>> = {
  ExternalPort: 'ui2',
  InternalPort: 'ui2',
  PortMappingNumberOfEntries: 'ui2',
  PortMappingEnabled: 'boolean',
  PortMappingLeaseDuration: 'ui4',
  Uptime: 'ui4',
  RSIPAvailable: 'boolean',
  NATEnabled: 'boolean',
  Layer1UpstreamMaxBitRate: 'ui4',
  Layer1DownstreamMaxBitRate: 'ui4',
  A_ARG_TYPE_Manage: 'boolean',
  A_ARG_TYPE_Port: 'ui2',
  A_ARG_TYPE_Protocol: 'ui2',
  A_ARG_TYPE_LeaseTime: 'ui4',
  A_ARG_TYPE_UniqueID: 'ui2',
  A_ARG_TYPE_PinholePackets: 'ui4',
  A_ARG_TYPE_Boolean: 'boolean',
  FirewallEnabled: 'boolean',
  InboundPinholeAllowed: 'boolean',
};

/** The UPnP data type of a state variable. */
export function typeOf(variable: string): string {
  return types[variable] ?? 'string';
}
