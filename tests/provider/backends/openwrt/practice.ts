import { X509Certificate } from 'node:crypto';
import type { OpenWrtOptions } from '../../../../lab/simulators/openwrt/options';
import { OpenWrtSimulator } from '../../../../lab/simulators/openwrt/simulator';
import type { Backend, Change, Table } from '../../../../provider/backends/backend';
import { pinOf } from '../../../../provider/backends/http/trust';
import { aclFile } from '../../../../provider/backends/openwrt/acl';
import { OpenwrtBackend } from '../../../../provider/backends/openwrt/backend';
import { openwrtKind } from '../../../../provider/backends/openwrt/kind';
import { PACE, type Pace } from '../../../../provider/backends/openwrt/pace';
import type { PortforwardError } from '../../../../provider/rule/error';
import { makeTag } from '../../../../provider/rule/identity';
import type { RuleInputs } from '../../../../provider/rule/rule';
import type { SessionOptions } from '../../../../provider/session/options';
import { Session } from '../../../../provider/session/session';
import { forwardOf, ID } from './support';

export const signal: AbortSignal = new AbortController().signal;
export const PASSWORD = 'canary-password-7c1f';

const routers: OpenWrtSimulator[] = [];
const backends: Backend[] = [];
const sessions: Session[] = [];

/** Ends all that a test began. */
export async function cleanUp(): Promise<void> {
  await Promise.all(sessions.splice(0).map((session) => session.close().catch(() => undefined)));
  await Promise.all(backends.splice(0).map((backend) => backend.close()));
  await Promise.all(routers.splice(0).map((router) => router.stop()));
}

/** A simulated router that runs the shipped ACL file and has one account for it, and a read-only one. */
export async function startRouter(options: OpenWrtOptions = {}): Promise<OpenWrtSimulator> {
  const router = new OpenWrtSimulator({
    tls: false,
    reloadDelay: 0,
    accounts: [
      { username: 'pf', password: PASSWORD, read: ['portforward'], write: ['portforward'] },
      { username: 'reader', password: PASSWORD, read: ['portforward'] },
      { username: 'stranger', password: PASSWORD },
      { username: 'root', password: PASSWORD, read: ['*'], write: ['*'] },
    ],
    acl: acl(),
    ...options,
  });
  routers.push(router);
  await router.start();
  return router;
}

export function acl(wan = ['wan'], lan = ['lan']): NonNullable<OpenWrtOptions['acl']> {
  return {
    'unauthenticated.json': { unauthenticated: { read: { ubus: { session: ['access', 'login'] } } } },
    'portforward.json': JSON.parse(aclFile(wan, lan)),
  };
}

interface Access {
  readonly username?: string;
  readonly password?: string;
  readonly pace?: Partial<Pace>;
  readonly args?: Readonly<Record<string, unknown>>;
}

export function connect(
  router: OpenWrtSimulator,
  { username = 'pf', password = PASSWORD, pace, args }: Access = {},
): Backend {
  const pins = router.identity ? { pins: [pinOf(new X509Certificate(router.identity.cert))] } : {};
  const config = openwrtKind.parse({ url: router.url, username, password, ...pins, ...args }, {});
  const backend = new OpenwrtBackend(config, { ...PACE, ...pace });
  backends.push(backend);
  return backend;
}

/** A backend that is logged in. */
export async function opened(router: OpenWrtSimulator, access: Access = {}): Promise<Backend> {
  const backend = connect(router, access);
  await backend.open(signal);
  return backend;
}

export function sessionOn(
  router: OpenWrtSimulator,
  access: Access = {},
  options: Partial<SessionOptions> = {},
): Session {
  const session = new Session(connect(router, access), {
    owner: 'shop/prod',
    gatewayName: 'router',
    endpoint: 'openwrt:test',
    ...options,
  });
  sessions.push(session);
  return session;
}

export function rule(
  name: string,
  externalPort: number | string,
  more: Partial<RuleInputs> = {},
): RuleInputs {
  return { name, externalPort, internalAddress: '192.168.1.10', ...more };
}

export function adding(externalPort: number | string, more: Partial<RuleInputs> = {}): Change {
  const forward = forwardOf({ externalPort, ...more });
  return { op: 'add', wanted: { tag: makeTag(ID, forward, 0), id: ID, forward, lease: null } };
}

/** Looks, applies finally, and answers the look. */
export async function applied(backend: Backend, changes: readonly Change[], trial = false): Promise<Table> {
  const { generation } = await backend.list([], signal);
  const results = await backend.apply(changes, { generation, trial, signal });
  expect(results.map(({ status }) => status)).toEqual(changes.map(() => 'done'));
  return backend.list([], signal);
}

/** Tags on the router, by what stands in its file. */
export function tags(router: OpenWrtSimulator): readonly string[] {
  const all = [...router.byHand.sections('redirect'), ...router.byHand.sections('rule')];
  return all.map(({ name }) => name).filter((name) => name.startsWith('pf1_'));
}

export async function failure(promise: Promise<unknown>): Promise<PortforwardError> {
  return promise.then(
    () => {
      throw new Error('it succeeded, where a failure was expected');
    },
    (error) => error as PortforwardError,
  );
}
