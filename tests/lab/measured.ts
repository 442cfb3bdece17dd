/** What the Linux kernel was measured to do, as far as forwards depend on it, and the test that shows it here. */
export interface Measured {
  readonly fact: string;
  /** Test file below tests/lab, and the title of a test in it. */
  readonly shownBy: readonly (readonly [file: string, title: string])[];
}

export const measured: readonly Measured[] = [
  {
    fact: 'dnat to a port range sends every connection to its first port, so shifted ranges are expanded port by port',
    shownBy: [['kernel/forwarding', 'lists and ranges, with ports kept or shifted, each port to its own']],
  },
  {
    fact: 'matching the WAN interface alone captures what is only routed to other hosts',
    shownBy: [
      [
        'kernel/forwarding',
        'what is only routed through the gateway, to a public address of another host, is left alone',
      ],
    ],
  },
  {
    fact: 'matching local addresses alone captures calls to the LAN address of the gateway',
    shownBy: [['kernel/forwarding', 'a LAN host that calls the gateway by its LAN address gets the gateway']],
  },
  {
    fact: 'same-LAN callers need a masquerade, and with bridge-nf off the test sees it; callers from outside keep their address',
    shownBy: [
      ['kernel/wan', 'hairpin: LAN hosts, the target itself and the gateway reach the public address'],
      ['agent', 'the LAN reaches the public address (hairpin)'],
      ['kernel/forwarding', 'tcp to another port reaches the server, which sees the real source'],
    ],
  },
  {
    fact: 'hairpin callers must be among the sources too',
    shownBy: [['kernel/wan', 'hairpin obeys the WAN and the sources']],
  },
  {
    fact: 'rules without an address go on working when the WAN address changes',
    shownBy: [
      [
        'kernel/wan',
        'a WAN address that changes needs no change of the rules, from outside and from the LAN',
      ],
    ],
  },
  {
    fact: 'an accept in one table is not final: a drop policy elsewhere wins',
    shownBy: [
      ['namespaces', 'host firewalls: drop and docker block what is forwarded, debian flushes everything'],
      [
        'kernel/admission',
        'a forward policy drop: said with the line, opened by it, for declared ports only',
      ],
    ],
  },
  {
    fact: '`ct status dnat accept` in that table lets forwards through',
    shownBy: [['kernel/admission', 'a firewall that accepts dnat is no obstacle']],
  },
  {
    fact: 'one mark bit and one static line open forwards and pinholes, and an undeclared host stays closed',
    shownBy: [
      [
        'kernel/pinhole',
        'behind a closed firewall with the one line, only what is declared opens, to whom it is declared',
      ],
      [
        'agent',
        'behind a dropping firewall an IPv6 pinhole opens its host and port to its sources, and nothing else',
      ],
    ],
  },
  {
    fact: 'an input policy drop blocks a service of the gateway itself',
    shownBy: [
      [
        'kernel/admission',
        'an input policy drop blocks a service of the gateway, and the same line opens it',
      ],
    ],
  },
  {
    fact: 'redirect reaches services of the gateway with no sysctl',
    shownBy: [
      [
        'kernel/forwarding',
        'a service of the gateway itself, on every WAN, under another port and port by port',
      ],
    ],
  },
  {
    fact: 'connections of a removed or retargeted forward live on until they are cut',
    shownBy: [
      ['negative', 'the conntrack cut is off: the connections of before live on'],
      ['negative', 'retargeting and removing cut the connections of before'],
      ['kernel/changes', 'a removed rule ends its connections, tcp and udp'],
    ],
  },
  {
    fact: 'a udp forward does not take over a peer that already talks, unless that entry is cut',
    shownBy: [
      [
        'kernel/changes',
        'a udp forward takes over a peer that already talks, to nobody or to a service of the gateway',
      ],
    ],
  },
  {
    fact: 'a cut by port alone ends the LAN’s own connections to that port; with the address they live',
    shownBy: [
      ['negative', 'a cut by the port alone would end them: the proof sees it'],
      ['negative', '20 outbound LAN connections to the port of the forward survive add, change and remove'],
    ],
  },
  {
    fact: 'whole-table replacement zeroes counters, element and chain edits keep them',
    shownBy: [['kernel/changes', 'logging and hairpin change in place: connections and counters live on']],
  },
  {
    fact: 'a denied client falls through to a service of the gateway unless it is dropped',
    shownBy: [
      [
        'kernel/forwarding',
        'who is not among the sources is counted and gets no answer, not even from the gateway itself',
      ],
    ],
  },
  {
    fact: 'two forwards on one port with disjoint sources each get their own callers',
    shownBy: [
      [
        'kernel/forwarding',
        'two entries on one port, each for its own sources; a third caller is denied by both',
      ],
    ],
  },
  {
    fact: 'a forward beats a service of the gateway on the same port',
    shownBy: [['agent', 'a forward wins over a service of the gateway on the same port']],
  },
  {
    fact: 'ip_forward off is a silent timeout',
    shownBy: [['doctor', 'ip_forward off is told with the next step']],
  },
  {
    fact: 'a foreign flush is seen and mended; what was forwarded works again',
    shownBy: [
      ['agent', 'a flush heals at once, and is counted'],
      ['kernel/watch', "somebody's change is told, our own are not"],
    ],
  },
  {
    fact: 'nft killed in the middle of a load leaves all of it or nothing',
    shownBy: [['kernel/changes', 'killed in the middle of a change, the table holds all of it or nothing']],
  },
  {
    fact: 'CAP_NET_ADMIN alone is enough, as an ordinary user',
    shownBy: [
      ['agent', 'forwards, and cleans up after itself'],
      ['kernel/forwarding', 'a plain user with CAP_NET_ADMIN alone is enough'],
    ],
  },
  {
    fact: 'namespaces inside unshare with a tmpfs on /run are invisible, and gone after kill -9 of the parent',
    shownBy: [
      ['namespaces', 'nothing on this machine changes while it runs or after it ended'],
      ['namespaces', 'nothing is left after kill -9 of the process that started it'],
      ['namespaces', 'needs no root: network, firewall and calls work in a user namespace'],
    ],
  },
];
