import type { Case, Declared, Group, Program, Surroundings } from '../case';

/** One rule that goes through several declarations; each is told with what a plan has to say of it. */
function life(
  name: string,
  first: Declared,
  next: readonly (readonly ['update' | 'replace' | 'same', Declared])[],
  more: Partial<Case> = {},
): Case {
  const address = `${name.replace(/\W+/g, '-').toLowerCase()}`;
  const program = (rule: Declared): Program => ({ [address]: rule });
  return {
    name,
    steps: [
      { program: program(first), plan: { changes: { [address]: 'create' } } },
      ...next.map(([action, rule]) => ({
        program: program(rule),
        plan: { changes: action === 'same' ? {} : ({ [address]: action } as const) },
      })),
    ],
    ...more,
  };
}

export function changes({ hosts, host6, wan, someone }: Surroundings): Group {
  const cases: Case[] = [
    life('create', { externalPort: 1000 }, []),
    life('no-op', { externalPort: 1001 }, [['same', { externalPort: 1001 }]]),
    life('externalPort changed', { externalPort: 1010, internalPort: 80 }, [
      ['update', { externalPort: 1011, internalPort: 80 }],
    ]),
    life('externalPort changed, internalPort unset', { externalPort: 1012 }, [
      ['update', { externalPort: 1013 }],
    ]),
    life('internalPort set and unset', { externalPort: 1014 }, [
      ['update', { externalPort: 1014, internalPort: 8080 }],
      ['update', { externalPort: 1014 }],
    ]),
    life('protocol changed and unset', { externalPort: 1015 }, [
      ['update', { externalPort: 1015, protocol: 'tcp+udp' }],
      ['update', { externalPort: 1015 }],
    ]),
    life('internalAddress changed', { externalPort: 1016 }, [
      ['update', { externalPort: 1016, internalAddress: hosts[1] }],
    ]),
    life('sources set and unset', { externalPort: 1017 }, [
      ['update', { externalPort: 1017, sources: [someone] }],
      ['update', { externalPort: 1017 }],
    ]),
    life('enabled set and unset', { externalPort: 1018 }, [
      ['update', { externalPort: 1018, enabled: false }],
      ['update', { externalPort: 1018 }],
    ]),
    life(
      'wan set and unset',
      { externalPort: 1019 },
      [
        ['update', { externalPort: 1019, wan: wan ?? '' }],
        ['update', { externalPort: 1019 }],
      ],
      { needs: ['wan'] },
    ),
    life(
      'hairpin set and unset',
      { externalPort: 1020 },
      [
        ['update', { externalPort: 1020, hairpin: true }],
        ['update', { externalPort: 1020 }],
      ],
      { needs: ['hairpin'] },
    ),
    life(
      'log set and unset',
      { externalPort: 1021 },
      [
        ['update', { externalPort: 1021, log: true }],
        ['update', { externalPort: 1021 }],
      ],
      { needs: ['log'] },
    ),
    life(
      'description set and unset',
      { externalPort: 1022 },
      [
        ['update', { externalPort: 1022, description: 'Ann, "photos"' }],
        ['update', { externalPort: 1022 }],
      ],
      { needs: ['description'] },
    ),
    life(
      'a pinhole moved',
      { externalPort: 1023, internalAddress: host6 ?? '' },
      [['update', { externalPort: 1024, internalAddress: host6 ?? '' }]],
      { needs: ['IPv6'] },
    ),
    life('a port as text and as a number', { externalPort: 1030 }, [
      ['same', { externalPort: '1030' }],
      ['same', { externalPort: '1030', internalPort: 1030 }],
    ]),
    life('defaults written out', { externalPort: 1031 }, [
      ['same', { externalPort: 1031, protocol: 'tcp', enabled: true, log: false, description: '' }],
      ['same', { externalPort: 1031 }],
    ]),
    life('a port list and the range of the same ports', { externalPort: '1040,1041,1042' }, [
      ['same', { externalPort: '1040-1042' }],
    ]),
    life('a port list and a range that takes more', { externalPort: '1044,1046' }, [
      ['update', { externalPort: '1044-1046' }],
    ]),
    life('a port list reordered, both sides alike', { externalPort: '1050,1052', internalPort: '50,52' }, [
      ['same', { externalPort: '1052,1050', internalPort: '52,50' }],
    ]),
    life('internal ports crossed', { externalPort: '1054,1056', internalPort: '54,56' }, [
      ['update', { externalPort: '1054,1056', internalPort: '56,54' }],
    ]),
    life(
      'sources reordered and written otherwise',
      { externalPort: 1060, sources: ['203.0.113.0/24', '198.51.100.7'] },
      [
        ['same', { externalPort: 1060, sources: ['198.51.100.7/32', '203.0.113.0/24'] }],
        ['same', { externalPort: 1060, sources: ['203.0.113.128/25', '198.51.100.7', '203.0.113.0/25'] }],
      ],
    ),
    life(
      'an IPv6 address written otherwise',
      { externalPort: 1061, internalAddress: host6 ?? '' },
      [['same', { externalPort: 1061, internalAddress: (host6 ?? '').toUpperCase() }]],
      { needs: ['IPv6'] },
    ),
    life('values unknown at plan', { externalPort: 1070 }, [
      ['update', { externalPort: 1071, sources: [someone], late: ['externalPort', 'sources'] }],
    ]),
    {
      name: 'a new rule whose port is unknown at plan',
      steps: [
        { program: {} },
        {
          program: { unborn: { externalPort: 1072, late: ['externalPort'] } },
          plan: { changes: { unborn: 'create' } },
        },
      ],
    },
    {
      name: 'a rule leaves the program',
      steps: [
        { program: { leaving: { externalPort: 1080 } }, plan: { changes: { leaving: 'create' } } },
        { program: {}, plan: { changes: { leaving: 'delete' } } },
      ],
    },
    {
      name: 'a foreign entry beside ours, and destroy',
      steps: [
        { program: {}, behind: [{ foreign: { externalPort: 1090, internalAddress: hosts[1] } }] },
        {},
        {},
        { run: 'destroy', stands: [{}] },
      ],
    },
  ];
  return { title: 'what a program changes', together: true, cases };
}
