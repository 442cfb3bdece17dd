import type { UciPackage, UciSection } from '../uci/package';
import type { Membership } from './acl';
import { fnmatch } from './fnmatch';

/** Passwords of the system's users, as /etc/shadow has them, but in the clear. An empty one lets everybody in. */
export type Passwords = Readonly<Record<string, string>>;

/** The `config login` section of /etc/config/rpcd that lets this user in. */
export function loginSection(
  rpcd: UciPackage | undefined,
  passwords: Passwords,
  username: string,
  password: string,
): UciSection | undefined {
  return rpcd?.sections.find(
    ({ type, options }) =>
      type === 'login' &&
      options.get('username') === username &&
      passes(options.get('password'), passwords, password),
  );
}

/**
 * `$p$<user>` stands for that system user's password. Any other text is a hash of crypt(3), which this simulator cannot
 * compute: it never fits.
 */
function passes(wanted: unknown, passwords: Passwords, given: string): boolean {
  if (typeof wanted !== 'string' || !wanted.startsWith('$p$')) return false;
  const known = passwords[wanted.slice(3)];
  return known === '' || known === given;
}

/** Groups by `list read` and `list write`; an option of that name that is no list counts for nothing. `!` forbids. */
export function membershipOf({ options }: UciSection): Membership {
  const listed = (right: string): readonly string[] => {
    const value = options.get(right);
    return typeof value === 'string' ? [] : (value ?? []);
  };
  const has = (right: string, group: string): boolean => {
    const patterns = listed(right);
    if (patterns.some((pattern) => pattern.startsWith('!') && fnmatch(pattern.slice(1).trim(), group))) {
      return false;
    }
    return patterns.some((pattern) => !pattern.startsWith('!') && fnmatch(pattern, group));
  };
  return (right, group) => has(right, group) || (right === 'read' && has('write', group));
}
