import type { Case, Group, Program, Step, Surroundings } from '../case';

const WEB: Program = { web: { externalPort: 5000 } };
const HCL = ['terraform', 'tofu'] as const;

/** A command of the Pulumi engine takes seconds: what its provider alone decides is shown over its process, and in detail there. */
const IN_DETAIL = { pulumi: 'tests/engines/pulumi/gateways.test.ts' };

/** Afterwards everything is destroyed from where it began, so that nothing of it is left anywhere. */
export function places({ someone }: Surroundings): Group {
  const rule = { externalPort: 5000, sources: [someone] };
  const imported: Step = {
    behind: [{ left: 'web', rule }],
    program: { web: rule },
    run: { import: 'web', id: 'home/net/web' },
  };
  const cases: Case[] = [
    {
      name: 'the program is configured for another gateway',
      steps: [
        { program: WEB },
        { on: { device: 1, name: 'office' }, plan: { changes: { web: 'replace' } }, stands: [{}, WEB] },
      ],
      differs: [
        {
          doors: ['pulumi'],
          because:
            'With `--refresh --run-program` the engine would note the new gateway as the one to delete from, and the old entries would stay open: the refresh is refused and says to run `pulumi up` once without it (tests/engines/pulumi/gateways.test.ts shows that).',
          steps: [
            { program: WEB },
            {
              on: { device: 1, name: 'office' },
              plan: { refused: { words: ['is on gateway "home"', 'without --refresh'] } },
              stands: [WEB, {}],
            },
          ],
        },
        {
          doors: HCL,
          because:
            'Terraform sends the deletion to the new gateway too, so the plan is refused and says how to move the rule in two steps.',
          steps: [
            { program: WEB },
            {
              on: { device: 1, name: 'office' },
              plan: { refused: { words: ['was put on gateway "home"', 'another device'] } },
              stands: [WEB, {}],
            },
          ],
        },
      ],
    },
    {
      name: 'the gateway keeps its name and gets the address of another device',
      elsewhere: IN_DETAIL,
      steps: [
        { program: WEB },
        { on: { device: 1 }, plan: { changes: { web: 'update' } }, stands: [WEB, WEB] },
      ],
      differs: [
        {
          doors: HCL,
          because:
            'Pulumi takes the new address as the word of the user, makes sure of the rule there, and warns that the old entries stay; Terraform would forget the old ones without a word, so it is refused.',
          steps: [
            { program: WEB },
            {
              on: { device: 1 },
              plan: { refused: { words: ['was put on gateway "home"', 'another device'] } },
              stands: [WEB, {}],
            },
          ],
        },
      ],
    },
    {
      name: 'the same device by another way',
      elsewhere: IN_DETAIL,
      steps: [
        { program: WEB },
        { on: { endpoint: 'the box in the cellar' }, plan: { changes: { web: 'update' } } },
      ],
    },
    {
      name: 'the gateway gets another name',
      elsewhere: IN_DETAIL,
      steps: [{ program: WEB }, { on: { name: 'cellar' }, plan: { changes: { web: 'replace' } } }],
      differs: [
        {
          doors: HCL,
          because:
            'To Terraform the name of a gateway is a label, since its device is known: nothing is replaced.',
          steps: [{ program: WEB }, { on: { name: 'cellar' }, plan: { changes: { web: 'update' } } }],
        },
      ],
    },
    {
      name: 'the rules get another owner',
      elsewhere: IN_DETAIL,
      steps: [{ program: WEB }, { on: { owner: 'family' }, plan: { changes: { web: 'replace' } } }],
      differs: [
        {
          doors: HCL,
          because:
            'A provider for one owner does not delete what belongs to another: the plan is refused until the old rules are destroyed or forgotten.',
          steps: [
            { program: WEB },
            {
              on: { owner: 'family' },
              plan: { refused: { words: ['belongs to the owner "home/net"'] } },
              stands: [WEB],
            },
          ],
        },
      ],
    },
    {
      name: 'import of a rule of ours that no state knows',
      steps: [imported],
      differs: [
        {
          doors: ['pulumi process', 'pulumi'],
          because:
            'Pulumi cannot import resources of dynamic providers, and says so in words of its own; `adopt`, or an `up` that finds the rule, is the way.',
          steps: [
            {
              ...imported,
              refused: { words: ["Cannot read properties of undefined (reading 'toJavaScript')"] },
            },
          ],
        },
      ],
    },
    {
      name: 'a rule left by a run whose state was lost is taken over',
      elsewhere: { pulumi: 'tests/engines/pulumi/killed.test.ts' },
      steps: [
        {
          behind: [{ left: 'web', rule: { externalPort: 5000 } }],
          program: WEB,
          plan: { changes: { web: 'create' } },
        },
      ],
    },
  ];
  return { title: 'places and states', together: false, cases };
}
