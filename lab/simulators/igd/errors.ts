/** Names of the codes: UPnP Device Architecture 1.1 table 3-3, WANIPConnection:1 and :2, WANIPv6FirewallControl:1. */
const words: Readonly<Record<number, string>> = {
  401: 'Invalid Action',
  402: 'Invalid Args',
  403: 'Not available Action',
  501: 'Action Failed',
  600: 'Argument Value Invalid',
  601: 'Argument Value Out of Range',
  602: 'Optional Action Not Implemented',
  603: 'Out of Memory',
  605: 'String Argument Too Long',
  606: 'Action not authorized',
  701: 'PinholeSpaceExhausted',
  702: 'FirewallDisabled',
  703: 'InboundPinholeNotAllowed',
  704: 'NoSuchEntry',
  705: 'ProtocolNotSupported',
  706: 'InternalPortWildcardingNotAllowed',
  707: 'ProtocolWildcardingNotAllowed',
  708: 'WildCardNotPermittedInSrcIP',
  709: 'NoTrafficReceived',
  713: 'SpecifiedArrayIndexInvalid',
  714: 'NoSuchEntryInArray',
  715: 'WildCardNotPermittedInSrcIP',
  716: 'WildCardNotPermittedInExtPort',
  718: 'ConflictInMappingEntry',
  724: 'SamePortValuesRequired',
  725: 'OnlyPermanentLeasesSupported',
  726: 'RemoteHostOnlySupportsWildcard',
  727: 'ExternalPortOnlySupportsWildcard',
  728: 'NoPortMapsAvailable',
  729: 'ConflictWithOtherMechanisms',
  730: 'PortMappingNotFound',
  731: 'ReadOnly',
  732: 'WildCardNotPermittedInIntPort',
  733: 'InconsistentParameters',
};

/** What a gateway answers in place of a result. Only the number counts: its words differ from model to model. */
export class UpnpFault extends Error {
  constructor(
    readonly code: number,
    text: string = words[code] ?? 'Error',
  ) {
    super(text);
  }
}

/** The router's daemon ends in the middle of an action. */
export class DaemonDied extends Error {}
