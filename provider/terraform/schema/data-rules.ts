import { type Attribute, makeBlock } from './block';
import { toldAttribute, toldProperties } from './property-attribute';

/** What is told of an entry beside what it forwards. */
const beside: readonly Attribute[] = [
  {
    name: 'ours',
    type: 'bool',
    set: 'computed',
    description: "Whether it is of a rule of the provider's `owner`.",
  },
  {
    name: 'id',
    type: 'string',
    set: 'computed',
    description:
      'The id of its rule, `<owner>/<name>`; null where it is not ours or the gateway has no room for it.',
  },
  { name: 'name', type: 'string', set: 'computed', description: 'The name in that id.' },
  {
    name: 'natural_key',
    type: 'string',
    set: 'computed',
    description:
      'What it takes, in short: `tcp:443`. `adopt` accepts it, and import where the entry is ours.',
  },
  {
    name: 'handle',
    type: 'string',
    set: 'computed',
    description: "The gateway's own id of it. `adopt` accepts it too.",
  },
  { name: 'label', type: 'string', set: 'computed', description: 'Where a person finds it on the gateway.' },
  {
    name: 'restriction',
    type: 'string',
    set: 'computed',
    description: 'A restriction that no rule of ours can express, such as a schedule, in words; null = none.',
  },
  {
    name: 'blocked',
    type: 'string',
    set: 'computed',
    description:
      'Why packets that match do not arrive, such as a firewall in front, in words; null = open, or not known.',
  },
];

/** The data source `portforward_rules`: the gateway's whole table. */
export const rulesBlock = makeBlock(
  'What is on the gateway: every entry of its table, ours and those of others.',
  [
    {
      name: 'rules',
      type: { nesting: 'LIST', attributes: [...beside, ...toldProperties.map(toldAttribute)] },
      set: 'computed',
      description: 'The entries. A rule that the gateway holds as several entries is there several times.',
    },
  ],
);
