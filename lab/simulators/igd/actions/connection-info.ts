import { UpnpFault } from '../errors';
import type { Action, ConnectionAsked } from './action';

export const getStatusInfo: Action<ConnectionAsked> = ({ connection }) => ({
  NewConnectionStatus: connection.status,
  NewLastConnectionError: 'ERROR_NONE',
  NewUptime: String(connection.uptime),
});

/** Empty where there is none (WANIPConnection:2 2.3.13), and where the router holds a private one for none. */
export const getExternalIPAddress: Action<ConnectionAsked> = ({ connection, habits }) => ({
  NewExternalIPAddress: habits.privateAddress === 'told' || connection.isPublic ? connection.address : '',
});

export const getConnectionTypeInfo: Action<ConnectionAsked> = () => ({
  NewConnectionType: 'IP_Routed',
  NewPossibleConnectionTypes: 'IP_Routed',
});

export const getNatRsipStatus: Action<ConnectionAsked> = () => ({
  NewRSIPAvailable: '0',
  NewNATEnabled: '1',
});

export const setConnectionType: Action<ConnectionAsked> = () => {
  throw new UpnpFault(731);
};

/** RequestConnection and ForceTermination: nobody unknown may cut the line. */
export const notAllowed: Action<ConnectionAsked> = () => {
  throw new UpnpFault(606);
};
