import { isIPv6 } from 'node:net';
import { UpnpFault } from '../errors';
import type { Pinhole } from '../pinholes';
import type { Action, FirewallAsked } from './action';

/** WANIPv6FirewallControl:1 2.5.1. */
export const getFirewallStatus: Action<FirewallAsked> = ({ pinholes }) => ({
  FirewallEnabled: pinholes.firewall ? '1' : '0',
  InboundPinholeAllowed: pinholes.allowed ? '1' : '0',
});

export const addPinhole: Action<FirewallAsked> = (asked) => {
  mustBeOn(asked);
  const { args, habits, pinholes, asker } = asked;
  const protocol = args.ui2('Protocol');
  const internalPort = args.ui2('InternalPort');
  const client = args.text('InternalClient').trim();
  const lease = args.ui4('LeaseTime');
  if (internalPort === 0) throw new UpnpFault(706);
  if (['', '*'].includes(client)) throw new UpnpFault(708);
  if (protocol === 65_535) throw new UpnpFault(707);
  if (protocol !== 6 && protocol !== 17) throw new UpnpFault(705);
  if (lease < 1 || lease > 86_400) throw new UpnpFault(402);
  const internalClient = canonical(client);
  if (internalClient !== canonical(asker, 606) || internalPort < 1024) throw new UpnpFault(606);
  const remote = args.text('RemoteHost').trim();
  const remoteHost = ['', '*'].includes(remote) ? '' : canonical(remote);
  const tuple = { remoteHost, remotePort: args.ui2('RemotePort'), internalClient, internalPort, protocol };
  if (!pinholes.same(tuple) && pinholes.all.length >= habits.capacity) throw new UpnpFault(701);
  return { UniqueID: String(pinholes.open(tuple, lease).id) };
};

export const updatePinhole: Action<FirewallAsked> = (asked) => {
  const pinhole = own(asked);
  const lease = asked.args.ui4('NewLeaseTime');
  if (lease < 1 || lease > 86_400) throw new UpnpFault(402);
  asked.pinholes.open(pinhole, lease);
  return {};
};

export const deletePinhole: Action<FirewallAsked> = (asked) => {
  asked.pinholes.close(own(asked).id);
  return {};
};

export const getPinholePackets: Action<FirewallAsked> = (asked) => ({
  PinholePackets: String(own(asked).packets),
});

export const checkPinholeWorking: Action<FirewallAsked> = (asked) => {
  if (own(asked).packets === 0) throw new UpnpFault(709);
  return { IsWorking: '1' };
};

/** The pinhole that is named, if it is of the one who asks. */
function own(asked: FirewallAsked): Pinhole {
  mustBeOn(asked);
  const { args, habits, pinholes, asker } = asked;
  const pinhole = pinholes.find(args.ui2('UniqueID'));
  if (!pinhole) throw new UpnpFault(habits.unknownPinhole);
  if (pinhole.internalClient !== canonical(asker, 606)) throw new UpnpFault(606);
  return pinhole;
}

function mustBeOn({ pinholes }: FirewallAsked): void {
  if (!pinholes.firewall) throw new UpnpFault(702);
  if (!pinholes.allowed) throw new UpnpFault(703);
}

/** One spelling for each address (RFC 5952); the code for what is none. */
function canonical(address: string, code = 402): string {
  if (!isIPv6(address)) throw new UpnpFault(code);
  return new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
}
