import type { Forward, RuleInputs } from '../../../provider/rule/rule';

/** The front doors, by the names under which the table speaks of them. */
export const DOORS = {
  'pulumi process': 'the gRPC provider process that ships inside @pulumi/pulumi, without an engine',
  pulumi: 'the Pulumi engine with the provider that its programs use',
  terraform: 'Terraform',
  tofu: 'OpenTofu',
} as const;
export type DoorName = keyof typeof DOORS;

/** A rule as every door declares it; who leaves out the target means the first host of the gateway's network. */
export interface Declared extends Partial<RuleInputs> {
  /** The address of a rule that is there before this one is begun. */
  readonly after?: string;
  /** Properties whose values the engine learns while it applies. */
  readonly late?: readonly (keyof RuleInputs)[];
}

/** Rules by their addresses: logical names in Pulumi, labels in HCL. An address is the rule's `name` unless it says otherwise. */
export type Program = Readonly<Record<string, Declared>>;

/** For which gateway the program is configured. */
export interface Place {
  /** Which of the two devices of a case. */
  readonly device: 0 | 1;
  readonly owner: string;
  readonly name: string;
  /** How state calls the place, where it is not told by the device's address. */
  readonly endpoint?: string;
}

export const HOME: Place = { device: 0, owner: 'home/net', name: 'home' };

/** What somebody else does on the gateway in use. */
export type Act =
  | { readonly tamper: string; readonly change: Partial<Forward> }
  | { readonly vanish: string }
  /** An entry of another program appears. */
  | { readonly foreign: Declared }
  /** A rule of ours is there of which no state knows. */
  | { readonly left: string; readonly rule: Declared };

/** The words that a refusal has in every door, and the property that it names. */
export interface Refusal {
  readonly property?: keyof RuleInputs;
  readonly words: readonly string[];
}

export type Action = 'create' | 'update' | 'replace' | 'delete';

/** By address; whoever is not named does not change. */
export type Changes = Readonly<Record<string, Action>>;

export type Run =
  | 'apply'
  | 'destroy'
  /** The user interrupts while the gateway is at the first change. */
  | 'cancelled'
  /** The provider is killed while the gateway is at the first change. */
  | 'killed'
  | { readonly import: string; readonly id: string };

/**
 * In this order: others act, the program is written, it is planned and its plan compared, it is run, and the tables of the
 * gateways are compared. After a run that was planned, and after an import, a plan finds nothing to do; a step that tells no
 * plan only leads to the next one.
 */
export interface Step {
  /** Declared from here on. */
  readonly program?: Program;
  /** Configured from here on. */
  readonly on?: Partial<Place>;
  readonly behind?: readonly Act[];
  /** What the plan says; a refused plan is not run. Absent = it is not asked. */
  readonly plan?: { readonly changes: Changes } | { readonly refused: Refusal };
  /** Default `apply`; null = the plan alone. */
  readonly run?: Run | null;
  /** The run ends with this. */
  readonly refused?: Refusal;
  /** What then stands on each device; default: what the program declares on the one in use, elsewhere what stood there. */
  readonly stands?: readonly Program[];
  /** Whether the entry of another program became ours. */
  readonly adopts?: true;
}

/** Where doors differ, they do so on purpose. */
export interface Difference {
  readonly doors: readonly DoorName[];
  readonly because: string;
  /** What is so instead; null = this door cannot be brought into the case. */
  readonly steps: readonly Step[] | null;
}

export interface Case {
  readonly name: string;
  readonly steps: readonly Step[];
  /** Where the gateway cannot do this, or what its rules ask for, the case is left out. */
  readonly needs?: readonly Need[];
  readonly differs?: readonly Difference[];
  /** Proven for this door elsewhere, in detail. */
  readonly elsewhere?: { readonly [D in DoorName]?: string };
}

/** Properties that not every gateway has, and how a gateway may be. */
export type Need =
  | keyof RuleInputs
  | 'IPv6'
  /** It tells of its LANs. */
  | 'lans'
  | 'changeable foreign'
  | 'fixed foreign'
  | 'tamper'
  | 'hold'
  /** Changes that nobody confirms are taken back. */
  | 'rollback'
  | 'no rollback';

export interface Group {
  readonly title: string;
  /** Its cases have nothing in common with each other, nor with those of other such groups. */
  readonly together: boolean;
  readonly cases: readonly Case[];
}

/** What the cases need to know of a gateway's network. */
export interface Surroundings {
  readonly hosts: readonly [string, string];
  readonly host6: string | null;
  readonly wan: string | null;
  /** A source that rules can be restricted to: a network, or where the gateway takes none, an address. */
  readonly someone: string;
}

/** What a plan says of a program of which nothing is there yet. */
export function creates(program: Program): NonNullable<Step['plan']> {
  return { changes: Object.fromEntries(Object.keys(program).map((address) => [address, 'create'])) };
}
