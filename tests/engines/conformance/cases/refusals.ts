import type { Case, Group, Program, Surroundings } from '../case';

/** A command of the Pulumi engine takes seconds: what its provider alone decides is shown over its process. */
const OVER_ITS_PROCESS = { pulumi: 'pulumi process' };

/** A program that no door lets through: refused before anything changes. */
const wrong = (
  name: string,
  rule: Program[string],
  property: keyof Program[string],
  words: string[],
  needs: Case['needs'] = [],
): Case => ({
  name,
  needs,
  steps: [
    { program: { wrong: rule }, plan: { refused: { property: property as 'name', words } }, stands: [{}] },
  ],
});

export function refusals({ hosts }: Surroundings): Group {
  return {
    title: 'what cannot be',
    together: false,
    cases: [
      wrong('a port that is none', { externalPort: '80abc' }, 'externalPort', ['80abc']),
      wrong('an empty list of sources', { externalPort: 4000, sources: [] }, 'sources', ['sources']),
      wrong(
        'a target outside the LANs',
        { externalPort: 4000, internalAddress: '10.99.0.1' },
        'internalAddress',
        ['lies in no LAN'],
        ['lans'],
      ),
      {
        name: 'a foreign entry on the port',
        elsewhere: OVER_ITS_PROCESS,
        steps: [
          {
            behind: [{ foreign: { externalPort: 4001, internalAddress: hosts[1] } }],
            program: { web: { externalPort: '4000-4002' } },
            plan: {
              refused: { property: 'externalPort', words: ['an entry that is not ours is in the way'] },
            },
            stands: [{}],
          },
          { program: { web: { externalPort: 4000 } }, plan: { changes: { web: 'create' } } },
        ],
      },
      {
        name: 'two rules of one program on one port',
        steps: [
          {
            program: { a: { externalPort: 4010 }, b: { externalPort: '4005-4015' } },
            plan: { refused: { words: ['both take tcp:4010 from everyone'] } },
            stands: [{}],
          },
        ],
        differs: [
          {
            doors: ['pulumi process'],
            because:
              'The rules of a program are compared with each other where the program constructs them; past that, the apply refuses the second one.',
            steps: [
              {
                program: { a: { externalPort: 4010 }, b: { externalPort: '4005-4015', after: 'a' } },
                plan: { changes: { a: 'create', b: 'create' } },
                refused: { words: ['both take tcp:4010 from everyone'] },
                stands: [{ a: { externalPort: 4010 } }],
              },
            ],
          },
        ],
      },
      {
        name: 'two rules on one port that is unknown at plan',
        steps: [
          {
            program: {
              a: { externalPort: 4020, late: ['externalPort'] },
              b: { externalPort: 4020, late: ['externalPort'], after: 'a' },
            },
            plan: { changes: { a: 'create', b: 'create' } },
            refused: { words: ['both take tcp:4020 from everyone'] },
            stands: [{ a: { externalPort: 4020 } }],
          },
        ],
        differs: [
          {
            doors: ['pulumi'],
            because:
              'The program learns the values before they reach the provider and compares its rules again: none of them is made, where the others make the first.',
            steps: [
              {
                program: {
                  a: { externalPort: 4020, late: ['externalPort'] },
                  b: { externalPort: 4020, late: ['externalPort'], after: 'a' },
                },
                plan: { changes: { a: 'create', b: 'create' } },
                refused: { words: ['both take tcp:4020 from everyone'] },
                stands: [{}],
              },
            ],
          },
        ],
      },
      {
        name: 'adopt of an entry that the gateway lets us change',
        elsewhere: OVER_ITS_PROCESS,
        needs: ['changeable foreign'],
        steps: [
          {
            behind: [{ foreign: { externalPort: 4030, internalAddress: hosts[1] } }],
            program: { mine: { externalPort: 4030, adopt: 'tcp:4030' } },
            plan: { changes: { mine: 'create' } },
            adopts: true,
          },
          { program: { mine: { externalPort: 4030 } }, plan: { changes: {} } },
        ],
        differs: [
          {
            doors: ['terraform', 'tofu'],
            because:
              'When the word `adopt` leaves the configuration it has to leave the state of Terraform too: the plan shows an update, which changes nothing on the gateway. To Pulumi it is no change.',
            steps: [
              {
                behind: [{ foreign: { externalPort: 4030, internalAddress: hosts[1] } }],
                program: { mine: { externalPort: 4030, adopt: 'tcp:4030' } },
                plan: { changes: { mine: 'create' } },
                adopts: true,
              },
              { program: { mine: { externalPort: 4030 } }, plan: { changes: { mine: 'update' } } },
            ],
          },
        ],
      },
      {
        name: 'adopt of an entry that the gateway lets nobody change',
        elsewhere: OVER_ITS_PROCESS,
        needs: ['fixed foreign'],
        steps: [
          {
            behind: [{ foreign: { externalPort: 4030, internalAddress: hosts[1] } }],
            program: { mine: { externalPort: 4030, adopt: 'tcp:4030' } },
            plan: { refused: { property: 'adopt', words: ['cannot adopt'] } },
            stands: [{}],
          },
        ],
      },
    ],
  };
}
