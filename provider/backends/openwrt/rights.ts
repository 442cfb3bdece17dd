import { PortforwardError } from '../../rule/error';
import { ACL_GROUP, ACL_PATH, type Grants } from './acl';
import { plainText } from './plain-text';

/** What a login may do: by scope and object, the functions. As the reply to `session login` tells it. */
export type Acls = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Tolerant: what is no table of lists grants nothing. */
export function readAcls(value: unknown): Acls {
  return tableOf(value, (scope) =>
    tableOf(scope, (functions) => (Array.isArray(functions) ? functions.map(plainText) : [])),
  );
}

/** As rpcd decides (session.c, rpc_session_acl_allowed): objects and functions are patterns of fnmatch. */
export function allows(acls: Acls, scope: string, object: string, fun: string): boolean {
  return Object.entries(acls[scope] ?? {}).some(
    ([pattern, functions]) => matches(pattern, object) && functions.some((one) => matches(one, fun)),
  );
}

/** A program may be granted with all that it can do, or one command line of it (file.c, rpc_file_exec_run). */
export function mayRun(acls: Acls, line: string): boolean {
  return allows(acls, 'file', line, 'exec') || allows(acls, 'file', line.split(' ')[0] as string, 'exec');
}

/** What is missing of these grants, as lines of the ACL file. `permission` = the function that a `uci` grant stands for. */
export function missing(
  acls: Acls,
  { ubus, uci, file = {} }: Grants,
  permission: 'read' | 'write',
): readonly string[] {
  const lines: string[] = [];
  for (const [object, methods] of Object.entries(ubus)) {
    const denied = methods.filter((method) => !allows(acls, 'ubus', object, method));
    if (denied.length > 0) lines.push(`"ubus": {"${object}": ${JSON.stringify(denied)}}`);
  }
  for (const config of uci) if (!allows(acls, 'uci', config, permission)) lines.push(`"uci": ["${config}"]`);
  for (const line of Object.keys(file)) if (!mayRun(acls, line)) lines.push(`"file": {"${line}": ["exec"]}`);
  return lines.map((line) => `"${permission}": {${line}}`);
}

/** The error that names what the account lacks, and where to add it. */
export function lacksRights(acls: Acls, username: string, lines: readonly string[]): PortforwardError {
  const [group] = Object.entries(acls['access-group'] ?? {}).filter(([name]) => name === ACL_GROUP);
  const hint = group
    ? `Add that to the group "${ACL_GROUP}" in ${ACL_PATH} on the router, then: /etc/init.d/rpcd restart.`
    : `Copy the ACL file that comes with this package to ${ACL_PATH}, give the account \`list read ${ACL_GROUP}\` and \`list write ${ACL_GROUP}\`, then: /etc/init.d/rpcd restart (docs/gateways/openwrt.md).`;
  return new PortforwardError(
    'denied',
    `The account "${username}" of the router lacks rights: ${lines.join(', ')}.`,
    { hint },
  );
}

/** fnmatch without flags: `*` passes slashes too. */
function matches(pattern: string, text: string): boolean {
  if (!/[*?[]/.test(pattern)) return pattern === text;
  // Two fingers and one way back, so that no pattern takes long.
  let [p, t, star, mark] = [0, 0, -1, 0];
  while (t < text.length) {
    const set = pattern[p] === '[' ? /^\[(!?)([^\]]+)\]/.exec(pattern.slice(p)) : null;
    if (pattern[p] === '*') {
      star = p;
      mark = t;
      p += 1;
    } else if (set && inSet(set[2] as string, text[t] as string) !== (set[1] === '!')) {
      p += set[0].length;
      t += 1;
    } else if (!set && (pattern[p] === '?' || pattern[p] === text[t])) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      p = star + 1;
      mark += 1;
      t = mark;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(p));
}

function inSet(set: string, letter: string): boolean {
  const spans = set.match(/.-.|./gs) ?? [];
  return spans.some((span) =>
    span.length === 3 ? (span[0] as string) <= letter && letter <= (span[2] as string) : span === letter,
  );
}

function tableOf<T>(value: unknown, read: (value: unknown) => T): Readonly<Record<string, T>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, read(one)]));
}
