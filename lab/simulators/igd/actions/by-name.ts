import type { Action, ConnectionAsked, FirewallAsked } from './action';
import { addAnyPortMapping, addPortMapping } from './add-mapping';
import * as info from './connection-info';
import { deletePortMapping, deletePortMappingRange } from './delete-mapping';
import * as firewall from './firewall';
import {
  getGenericPortMappingEntry,
  getListOfPortMappings,
  getSpecificPortMappingEntry,
} from './read-mapping';

/** What a connection can do, by the action's name; which of it a service has stands in services.ts. */
export const connectionActions: Readonly<Record<string, Action<ConnectionAsked>>> = {
  SetConnectionType: info.setConnectionType,
  GetConnectionTypeInfo: info.getConnectionTypeInfo,
  RequestConnection: info.notAllowed,
  ForceTermination: info.notAllowed,
  GetStatusInfo: info.getStatusInfo,
  GetNATRSIPStatus: info.getNatRsipStatus,
  GetExternalIPAddress: info.getExternalIPAddress,
  AddPortMapping: addPortMapping,
  AddAnyPortMapping: addAnyPortMapping,
  DeletePortMapping: deletePortMapping,
  DeletePortMappingRange: deletePortMappingRange,
  GetGenericPortMappingEntry: getGenericPortMappingEntry,
  GetSpecificPortMappingEntry: getSpecificPortMappingEntry,
  GetListOfPortMappings: getListOfPortMappings,
};

export const firewallActions: Readonly<Record<string, Action<FirewallAsked>>> = {
  GetFirewallStatus: firewall.getFirewallStatus,
  AddPinhole: firewall.addPinhole,
  UpdatePinhole: firewall.updatePinhole,
  DeletePinhole: firewall.deletePinhole,
  GetPinholePackets: firewall.getPinholePackets,
  CheckPinholeWorking: firewall.checkPinholeWorking,
};
