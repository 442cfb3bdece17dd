import { isTable } from '../ubus/arguments';

/** One right: a function of an object, in a scope such as `ubus`, `uci` or `file`. Object and function are patterns. */
export interface Grant {
  readonly scope: string;
  readonly object: string;
  readonly function: string;
}

type Scope = Readonly<Record<string, readonly string[]>> | readonly string[];
type Rights = Readonly<Record<string, Scope>>;

/** A file of /usr/share/rpcd/acl.d: groups of rights. A group exists only where a file describes it. */
export type AclFile = Readonly<Record<string, AclGroup>>;

export interface AclGroup {
  readonly description?: string;
  readonly read?: Rights;
  readonly write?: Rights;
}

/** Which groups an account has: whether it may read, or write, what this group describes. */
export type Membership = (right: 'read' | 'write', group: string) => boolean;

export function grantsOf(files: Iterable<AclFile>, may: Membership): Grant[] {
  return [...files].flatMap((file) =>
    Object.entries(file).flatMap(([group, rights]) =>
      (['read', 'write'] as const)
        .filter((right) => rights[right] !== undefined && may(right, group))
        .flatMap((right) => [
          ...rightsOf(rights[right] as Rights, right),
          { scope: 'access-group', object: group, function: right },
        ]),
    ),
  );
}

/** A table names objects with their functions; a list names objects, and the right itself is the function. */
function rightsOf(rights: Rights, right: string): Grant[] {
  return Object.entries(rights).flatMap(([scope, objects]) => {
    if (isTable(objects)) {
      return Object.entries(objects).flatMap(([object, functions]) =>
        functions.map((name) => ({ scope, object, function: name })),
      );
    }
    return objects.map((object) => ({ scope, object, function: right }));
  });
}

export function same(one: Grant, other: Grant): boolean {
  return one.scope === other.scope && one.object === other.object && one.function === other.function;
}
