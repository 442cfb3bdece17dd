import type { Arguments } from '../ubus/arguments';
import type { Methods, Reply } from '../ubus/bus';
import { ubusCode } from '../ubus/codes';
import { type Grant, same } from './acl';
import { NULL_SID, type Session, type Sessions } from './sessions';

/** Seconds. */
const DEFAULT_TIMEOUT = 300;

export interface Doorkeeper {
  /** The rights of this user; null where the name or the password is wrong. */
  grants(username: string, password: string): readonly Grant[] | null;
  /** The session whose apply waits for its confirmation. */
  pendingSid(): string | null;
}

/** The object `session`, but for what hands rights around (`create`, `grant`, `revoke`, `set`, `unset`). */
export function sessionMethods(sessions: Sessions, door: Doorkeeper): Methods {
  return {
    login: {
      args: { username: 'string', password: 'string', timeout: 'number' },
      run: (args) => login(sessions, door, args),
    },
    access: {
      args: { scope: 'string', object: 'string', function: 'string' },
      run: (args, sid) => access(sessions, args, sid),
    },
    list: { args: {}, run: (_, sid) => found(sessions, sid, (session) => dump(sessions, session)) },
    get: {
      args: { keys: 'array' },
      run: (_, sid) => found(sessions, sid, ({ data }) => ({ values: Object.fromEntries(data) })),
    },
    destroy: { args: {}, run: (_, sid) => destroy(sessions, sid) },
  };
}

/**
 * Whose apply is pending gets the session of that apply again, so that it can be confirmed after a change of the network;
 * the timeout that it asks for counts for nothing then.
 */
function login(sessions: Sessions, door: Doorkeeper, { username, password, timeout }: Arguments): Reply {
  if (typeof username !== 'string' || typeof password !== 'string') return [ubusCode.invalidArgument];
  const grants = door.grants(username, password);
  if (!grants) return [ubusCode.permissionDenied];
  const session = reclaimed(sessions, door, username) ?? sessions.create(Number(timeout ?? DEFAULT_TIMEOUT));
  session.grants.push(...grants.filter((grant) => !session.grants.some((known) => same(known, grant))));
  session.data.set('username', username);
  return [ubusCode.ok, dump(sessions, session)];
}

function reclaimed(sessions: Sessions, door: Doorkeeper, username: string): Session | undefined {
  const sid = door.pendingSid();
  const session = sid === null ? undefined : sessions.find(sid);
  return session?.data.get('username') === username ? session : undefined;
}

function access(sessions: Sessions, args: Arguments, sid: string): Reply {
  const { scope = 'ubus', object, function: name } = args;
  if (typeof object === 'string' && typeof name === 'string') {
    return [ubusCode.ok, { access: sessions.allows(sid, String(scope), object, name) }];
  }
  return found(sessions, sid, ({ grants }) => acls(grants));
}

function destroy(sessions: Sessions, sid: string): Reply {
  if (sid === NULL_SID) return [ubusCode.permissionDenied];
  if (!sessions.find(sid)) return [ubusCode.notFound];
  sessions.destroy(sid);
  return [ubusCode.ok];
}

function found(sessions: Sessions, sid: string, tell: (session: Session) => Record<string, unknown>): Reply {
  const session = sessions.find(sid);
  return session ? [ubusCode.ok, tell(session)] : [ubusCode.notFound];
}

function dump(sessions: Sessions, session: Session): Record<string, unknown> {
  return {
    ubus_rpc_session: session.sid,
    timeout: session.timeout,
    expires: sessions.left(session),
    acls: acls(session.grants),
    data: Object.fromEntries(session.data),
  };
}

/** Scope -> object -> functions. */
function acls(grants: readonly Grant[]): Record<string, unknown> {
  const scopes: Record<string, Record<string, string[]>> = {};
  for (const { scope, object, function: name } of grants) {
    const objects = scopes[scope] ?? {};
    const functions = objects[object] ?? [];
    if (!functions.includes(name)) functions.push(name);
    objects[object] = functions;
    scopes[scope] = objects;
  }
  return scopes;
}
