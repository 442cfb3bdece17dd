import type { PortForwardRuleArgs } from 'portforward';

export type Site = 'office' | 'branch';

/** What is forwarded, where it stands, and the last number of its address there. */
export interface SiteRule extends Omit<PortForwardRuleArgs, 'internalAddress'> {
  site: Site;
  host: number;
}

// A service that moves house is one word here: its port opens at the new site, and then closes at the old one.
export const rules: Record<string, SiteRule> = {
  web: { site: 'office', host: 10, externalPort: '80,443' },
  wiki: { site: 'office', host: 11, externalPort: 8443, internalPort: 443 },
  git: { site: 'office', host: 12, externalPort: 2222, internalPort: 22 },
  mail: { site: 'office', host: 13, externalPort: '25,465,993' },
  dns: { site: 'office', host: 14, externalPort: 53, protocol: 'tcp+udp' },
  vpn: { site: 'office', host: 15, externalPort: 51820, protocol: 'udp' },
  files: { site: 'office', host: 16, externalPort: '21,50000-50020', description: 'ftp, passive range' },
  calls: { site: 'office', host: 17, externalPort: '16384-16484', protocol: 'udp' },
  metrics: { site: 'office', host: 18, externalPort: 9090, sources: ['198.51.100.0/24'] },
  backup: { site: 'office', host: 19, externalPort: 8022, internalPort: 22, sources: ['203.0.113.64/26'] },

  shop: { site: 'branch', host: 10, externalPort: '80,443' },
  till: { site: 'branch', host: 11, externalPort: 9443, internalPort: 443, sources: ['198.51.100.0/24'] },
  door: { site: 'branch', host: 12, externalPort: 8883, sources: ['198.51.100.0/24'] },
  camera: { site: 'branch', host: 20, externalPort: 554, sources: ['198.51.100.0/24'] },
  cellar: { site: 'branch', host: 21, externalPort: 5541, internalPort: 554, sources: ['198.51.100.0/24'] },
  game: { site: 'branch', host: 30, externalPort: '27000-27015', protocol: 'udp' },
  voice: { site: 'branch', host: 31, externalPort: 64738, protocol: 'tcp+udp' },
  'branch-vpn': { site: 'branch', host: 32, externalPort: 51821, protocol: 'udp' },
  'branch-ssh': { site: 'branch', host: 33, externalPort: 2022, internalPort: 22 },
  printer: { site: 'branch', host: 34, externalPort: 631, enabled: false, description: 'for the auditors' },
};
