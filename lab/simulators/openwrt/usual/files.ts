import type { SimulatedAccount } from '../options';
import { addToList, setOption } from '../uci/edit';
import { UciPackage } from '../uci/package';
import { printUci } from '../uci/print';
import { usualFirewall } from './firewall';

/** The files of /etc/config that matter here. */
export function usualFiles(accounts: readonly SimulatedAccount[]): Record<string, string> {
  return {
    firewall: usualFirewall,
    network: "\nconfig interface 'lan'\n\toption device 'br-lan'\n\toption proto 'static'\n\n",
    rpcd: rpcdFile(accounts),
  };
}

/** Passwords stay with the system's users. */
function rpcdFile(accounts: readonly SimulatedAccount[]): string {
  const uci = new UciPackage();
  for (const { username, read = [], write = [] } of accounts) {
    let section = setOption(uci, uci.add('login', null), 'username', username);
    section = setOption(uci, section, 'password', `$p$${username}`);
    for (const group of read) section = addToList(uci, section, 'read', group);
    for (const group of write) section = addToList(uci, section, 'write', group);
  }
  return printUci(uci);
}
