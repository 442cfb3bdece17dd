/** The type of a value, in the engine's own JSON notation: `["set","string"]`. */
export type Type = 'string' | 'number' | 'bool' | readonly ['list' | 'set', Type] | ObjectType;

export type ObjectType = readonly ['object', Readonly<Record<string, Type>>];

/** What the codec needs of a schema: every block of ours has it. */
export interface Typed {
  readonly type: ObjectType;
}

/** An object by attribute. Null = unset; UNKNOWN, at any depth, = known after apply only. */
export type Values = Readonly<Record<string, unknown>>;
