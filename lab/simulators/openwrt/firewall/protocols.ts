/** Protocols that the router's /etc/protocols and nft know by name, with their numbers. */
const KNOWN: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  ipencap: 4,
  tcp: 6,
  udp: 17,
  dccp: 33,
  ipv6: 41,
  'ipv6-route': 43,
  'ipv6-frag': 44,
  rsvp: 46,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-icmp': 58,
  'ipv6-nonxt': 59,
  'ipv6-opts': 60,
  eigrp: 88,
  ospf: 89,
  pim: 103,
  comp: 108,
  vrrp: 112,
  l2tp: 115,
  sctp: 132,
  udplite: 136,
};

/** As nft prints a protocol: by its name where it has one; null = nobody knows it. */
export function nftProtocol(name: string): string | null {
  if (name in KNOWN) return name;
  if (!/^\d{1,3}$/.test(name) || Number(name) > 255) return null;
  return Object.keys(KNOWN).find((known) => KNOWN[known] === Number(name)) ?? String(Number(name));
}
