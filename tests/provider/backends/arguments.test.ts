import { checkArguments, kindProblem } from '../../../provider/backends/check-arguments';
import { argumentsOf, gatewayArguments, secretVariable } from '../../../provider/backends/gateway-arguments';
import type { ArgumentFact, BackendKind } from '../../../provider/backends/kind';
import { readArguments, readKind } from '../../../provider/backends/read-arguments';
import { kinds as everyKind } from '../../../provider/backends/registry';
import { hasCode, PortforwardError } from '../../../provider/rule/error';
import { UNKNOWN } from '../../../provider/rule/rule';

interface RouterConfig {
  readonly args: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A kind with an argument of every type; it is never connected. */
const router: BackendKind<RouterConfig> = {
  kind: 'router',
  title: 'A router',
  arguments: {
    url: { type: 'text', description: 'Where it is.', required: true },
    site: { type: 'text', description: 'Its site.', required: true, env: 'ROUTER_SITE' },
    port: { type: 'number', description: 'Its port.', default: 443 },
    pins: { type: 'list', description: 'Pins.' },
    insecure: { type: 'boolean', description: 'No TLS.' },
    apiToken: { type: 'text', description: 'Its token.', secret: true, required: true },
  },
  parse: (args, env) => {
    if (args.url === 'ftp://x') throw new PortforwardError('invalid', 'No such URL.', { property: 'url' });
    return { args, env };
  },
  endpoint: ({ args }) => `router:${args.url}`,
  connect: () => {
    throw new Error('not here');
  },
};
const other = { ...router, kind: 'other' };
const kinds = [router, other] as unknown as readonly BackendKind[];
const known = { kind: 'router', owner: 'home/network', url: 'https://192.0.2.1' };

function refusal(work: () => unknown): PortforwardError {
  try {
    work();
  } catch (error) {
    if (hasCode(error, 'invalid')) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the arguments of a kind', () => {
  test('are its own, the variable of each secret, and those that every kind takes', () => {
    const own = ['url', 'site', 'port', 'pins', 'insecure', 'apiToken', 'apiTokenEnv'];
    expect(Object.keys(argumentsOf(router as unknown as BackendKind))).toEqual([
      ...own,
      ...Object.keys(gatewayArguments),
    ]);
    expect(secretVariable('apiToken')).toBe('PORTFORWARD_API_TOKEN');
  });

  test.each(everyKind.map((kind) => [kind.kind, kind] as const))(
    'of %s claim no common name',
    (_name, kind) => {
      const names = Object.keys(kind.arguments).flatMap((name) => [name, `${name}Env`]);
      for (const name of names) expect([...Object.keys(gatewayArguments), 'kind']).not.toContain(name);
      for (const fact of Object.values<ArgumentFact>(kind.arguments))
        expect(fact.secret && fact.type !== 'text').toBeFalsy();
    },
  );
});

describe('checking', () => {
  const problems = (given: object) =>
    checkArguments({ ...known, ...given }, router as unknown as BackendKind).map(({ reason }) => reason);

  test.each<[string, object, RegExp[]]>([
    ['nothing wrong', { port: 8443, pins: ['a'], insecure: true, timeout: 0.5, unreachable: 'keep' }, []],
    ['what is unset', { port: null, pins: undefined, unreachable: null }, []],
    ['what is not known yet', { url: UNKNOWN, port: UNKNOWN, pins: [UNKNOWN, 'a'], owner: UNKNOWN }, []],
    [
      'a name that does not exist',
      { ulr: 'canary' },
      [/^argument "ulr" does not exist for kind "router"; .*url/],
    ],
    ['a name of JavaScript', { constructor: 'x' }, [/"constructor" does not exist/]],
    [
      'wrong types',
      { port: '1', pins: [1], insecure: 'no' },
      [/"port" must be a number/, /a list/, /true or f/],
    ],
    ['a wrong word', { unreachable: 'ignore' }, [/"unreachable" must be "fail" or "keep"\.$/]],
    ['no time', { timeout: 0 }, [/"timeout" must be more than 0 and at most 86400 seconds/]],
    ['endless time', { timeout: Number.POSITIVE_INFINITY }, [/"timeout" must be/]],
    [
      'an owner that stands in no id',
      { owner: 'a//b' },
      [/"owner" is wrong: "a\/\/b" is not a usable owner/],
    ],
    ['empty names', { name: '', endpoint: '' }, [/"name" must not be empty/, /"endpoint" must not/]],
    ['what the environment cannot say', { url: undefined }, [/^argument "url" is missing: Where it is\.$/]],
    ['what the kind refuses', { url: 'ftp://x' }, [/^argument "url": No such URL\.$/]],
  ])('%s', (_name, given, expected) => {
    const found = problems(given);
    expect(found).toHaveLength(expected.length);
    for (const [index, pattern] of expected.entries()) expect(found[index]).toMatch(pattern);
    expect(found.join()).not.toContain('canary');
  });

  test('a secret is not judged, nor what may be in the environment', () => {
    expect(problems({ apiToken: 'two words', site: undefined })).toEqual([]);
  });

  test('a kind that there is not', () => {
    expect(kindProblem('toaster', ['a', 'b'])).toBe('kind "toaster" is not one of: a, b.');
    expect(kindProblem(undefined, ['a', 'b'])).toBe('kind is missing; it is one of: a, b.');
  });
});

describe('reading', () => {
  const read = (given: object, env: Record<string, string> = {}) => readArguments(router, { ...given }, env);

  test('fills in what is unset, and gives the kind its own arguments only', () => {
    expect(read(known, { PATH: '/bin' })).toEqual({
      config: { args: { url: known.url }, env: { PATH: '/bin' } },
      owner: 'home/network',
      gatewayName: 'router:https://192.0.2.1',
      endpoint: 'router:https://192.0.2.1',
      unreachable: 'fail',
      timeout: 30_000,
    });
  });

  test('takes what is set', () => {
    const given = {
      ...known,
      name: 'home',
      endpoint: 'router:home',
      unreachable: 'keep',
      timeout: 2.5,
      port: null,
    };
    expect(read(given)).toEqual({
      config: { args: { url: known.url }, env: {} },
      owner: 'home/network',
      gatewayName: 'home',
      endpoint: 'router:home',
      unreachable: 'keep',
      timeout: 2500,
    });
    expect(read({ ...known, endpoint: 'router:home' }).gatewayName).toBe('router:home');
  });

  test('takes kind and owner from the environment where they are unset, and only then', () => {
    const env = { PORTFORWARD_KIND: 'other', PORTFORWARD_OWNER: 'from/env' };
    expect(readKind({}, kinds, env).kind).toBe('other');
    expect(readKind({ kind: 'router' }, kinds, env).kind).toBe('router');
    expect(read({ ...known, owner: null }, env).owner).toBe('from/env');
    expect(read(known, env).owner).toBe('home/network');
  });

  test.each<[string, () => unknown, string, RegExp]>([
    [
      'no kind',
      () => readKind({}, kinds, { PORTFORWARD_KIND: '' }),
      'kind',
      /router, other.*PORTFORWARD_KIND/,
    ],
    [
      'a kind that there is not',
      () => readKind({ kind: 'x' }, kinds, {}),
      'kind',
      /"x" is not one of: router/,
    ],
    [
      'no owner',
      () => read({ ...known, owner: null }),
      'owner',
      /no owner.*PORTFORWARD_OWNER.*"home\/network"/,
    ],
    [
      'a wrong owner of the environment',
      () => read({ ...known, owner: null }, { PORTFORWARD_OWNER: '/' }),
      'owner',
      /"\/" is not a usable owner/,
    ],
    [
      'a wrong type',
      () => read({ ...known, port: 'canary' }),
      'port',
      /gateway's argument "port" must be a number/,
    ],
    ['what the kind refuses', () => read({ ...known, url: 'ftp://x' }), 'url', /No such URL/],
  ])('refuses %s, naming the argument', (_name, work, property, message) => {
    const error = refusal(work);
    expect(error.property).toBe(property);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('canary');
  });
});
