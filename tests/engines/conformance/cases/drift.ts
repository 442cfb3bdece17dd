import type { Forward } from '../../../../provider/rule/rule';
import { type Case, creates, type Declared, type Group, type Need, type Surroundings } from '../case';

const ports = (from: number, target: number, protocol: 'tcp' | 'udp' = 'tcp'): Partial<Forward> => ({
  traffic: [{ protocol, ports: [{ from, to: from, target }] }],
});

/** A rule of which somebody changed one property on the gateway: the plan mends it. */
function drifted(
  property: string,
  rule: Declared,
  change: Partial<Forward>,
  needs: readonly Need[] = [],
): Case {
  const address = `drift-${property.toLowerCase()}`;
  return {
    name: `drift of ${property}`,
    needs: ['tamper', ...needs],
    steps: [
      { program: { [address]: rule }, plan: creates({ [address]: rule }) },
      { behind: [{ tamper: address, change }], plan: { changes: { [address]: 'update' } } },
    ],
  };
}

export function drift({ hosts, wan, someone }: Surroundings): Group {
  return {
    title: 'what somebody changes on the gateway',
    together: true,
    cases: [
      drifted('externalPort', { externalPort: 2000 }, ports(2100, 2000)),
      drifted('internalPort', { externalPort: 2001 }, ports(2001, 22)),
      drifted('protocol', { externalPort: 2002 }, ports(2002, 2002, 'udp')),
      drifted(
        'internalAddress',
        { externalPort: 2003 },
        {
          target: { kind: 'host', family: 4, address: hosts[1] },
        },
      ),
      drifted('sources', { externalPort: 2004, sources: [someone] }, { sources: null }),
      drifted('enabled', { externalPort: 2005 }, { enabled: false }, ['enabled']),
      drifted('wan', { externalPort: 2006 }, { wan }, ['wan']),
      drifted('log', { externalPort: 2007 }, { log: true }, ['log']),
      drifted('hairpin', { externalPort: 2008, hairpin: true }, { hairpin: false }, ['hairpin']),
      drifted('description', { externalPort: 2009, description: 'ours' }, { description: 'theirs' }, [
        'description',
      ]),
      {
        name: 'a rule vanished',
        needs: ['tamper'],
        steps: [
          { program: { vanished: { externalPort: 2010 } }, plan: { changes: { vanished: 'create' } } },
          { behind: [{ vanish: 'vanished' }], plan: { changes: { vanished: 'create' } } },
        ],
      },
      {
        name: 'changed on the gateway to what the program then declares',
        needs: ['tamper'],
        steps: [
          { program: { agreed: { externalPort: 2011 } }, plan: { changes: { agreed: 'create' } } },
          {
            behind: [
              { tamper: 'agreed', change: { target: { kind: 'host', family: 4, address: hosts[1] } } },
            ],
            program: { agreed: { externalPort: 2011, internalAddress: hosts[1] } },
            plan: { changes: {} },
          },
        ],
      },
    ],
  };
}
