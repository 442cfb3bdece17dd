import * as pulumi from '@pulumi/pulumi';
import { gatewayArguments } from '../../provider/backends/gateway-arguments';
import { findKind } from '../../provider/backends/registry';
import { PROVIDER_TEXT } from '../../sdk/constants';
import {
  type AgentGatewayArgs,
  type CommonGatewayArgs,
  Gateway,
  type OpenwrtGatewayArgs,
  type UpnpGatewayArgs,
} from '../../sdk/gateway';
import { PortForwardRule } from '../../sdk/port-forward-rule';
import { register } from './support';

const SOCKET = '/run/portforward/agent.sock';

function home(name = 'home', args: Partial<AgentGatewayArgs> = {}, opts?: pulumi.ResourceOptions) {
  return new Gateway(name, { kind: 'agent', socket: SOCKET, ...args }, opts);
}

class Shop extends pulumi.ComponentResource {
  constructor(name: string, opts: pulumi.ComponentResourceOptions, rule = 'web') {
    super('test:index:Shop', name, {}, opts);
    new PortForwardRule(rule, { externalPort: 443, internalAddress: '192.168.50.10' }, { parent: this });
  }
}

describe('a gateway', () => {
  test("is a provider of Pulumi's dynamic package, its arguments under our prefix", async () => {
    const seen = await register(() =>
      home('home', { unreachable: 'keep', timeout: 5, endpoint: 'agent:home' }),
    );
    expect(seen).toEqual([
      {
        type: 'pulumi:providers:pulumi-nodejs',
        name: 'home',
        provider: '',
        inputs: {
          'portforward:kind': 'agent',
          'portforward:socket': SOCKET,
          'portforward:owner': 'shop/dev',
          'portforward:name': 'home',
          'portforward:unreachable': 'keep',
          'portforward:timeout': '5',
          'portforward:endpoint': 'agent:home',
        },
      },
    ]);
  });

  test('that a program exports shows nothing but its arguments', async () => {
    await register(() => {
      const fields = Object.keys(home()).filter((field) => !field.startsWith('__'));
      const own = fields.filter((field) => !field.startsWith('portforward:'));
      expect(own.sort()).toEqual(['id', 'pkg', 'urn']);
    });
  });

  test('keeps secrets secret, and passes names of variables without reading them', async () => {
    process.env.HOME_TOKEN = 'canary';
    const marked: boolean[] = [];
    const spy = jest.spyOn(pulumi, 'secret').mockImplementation(((value: unknown) => {
      marked.push(true);
      return value;
    }) as never);
    const seen = await register(() => {
      home('a', { token: 'canary' });
      home('b', { tokenEnv: 'HOME_TOKEN' });
    }).finally(() => spy.mockRestore());
    expect(marked).toHaveLength(1);
    expect(seen[1]?.inputs).toMatchObject({ 'portforward:tokenEnv': 'HOME_TOKEN' });
    expect(JSON.stringify(seen[1])).not.toContain('canary');
    delete process.env.HOME_TOKEN;
  });

  test.each<[string, unknown, RegExp]>([
    ['an unknown kind', { kind: 'router' }, /^gateway "home": kind "router" is not one of: agent, .*\.$/],
    ['no kind', { kind: undefined }, /^gateway "home": kind is missing; it is one of: agent, .*\.$/],
    [
      'a kind that is an Output',
      { kind: pulumi.output('agent') },
      /kind is an Output, and must be plain text/,
    ],
    [
      'no arguments',
      undefined,
      /arguments are missing; "kind" is one of: agent, .*\. For example: new Gateway\("home", \{ kind: "agent" \}\)\.$/,
    ],
    ['null', null, /gateway "home": the arguments must be an object/],
    ['a text', 'agent', /gateway "home": the arguments must be an object/],
    ['an Output', pulumi.output({ kind: 'agent' }), /gateway "home": the arguments must be an object/],
    [
      'a relative socket',
      { kind: 'agent', socket: 'agent.sock' },
      /argument "socket": The socket "agent.sock" is not an absolute path/,
    ],
    [
      'a socket that is an address',
      { kind: 'agent', socket: 'http://10.0.0.1' },
      /argument "socket".*ssh -N -L/,
    ],
    ['an unknown argument', { kind: 'agent', soket: SOCKET }, /argument "soket" does not exist.*socket/],
    ['a wrong type', { kind: 'agent', timeout: 'long' }, /argument "timeout" must be a number/],
    ['a wrong word', { kind: 'agent', unreachable: 'ignore' }, /"unreachable" must be "fail" or "keep"/],
  ])('refuses %s before anything is registered', async (_name, args, message) => {
    const seen = await register(() => {
      expect(() => new Gateway('home', args as never)).toThrow(message);
      expect(() => new Gateway('home', args as never)).toThrow(pulumi.RunError);
    });
    expect(seen).toEqual([]);
  });

  test('never shows a value of an argument it does not know: it may be a secret', async () => {
    await register(() => {
      expect(() => home('home', { tokn: 'canary' } as never)).toThrow(/^(?![\s\S]*canary)/);
    });
  });

  test('judges no secret, no variable and no value that is not known yet', async () => {
    await register(() => {
      for (const args of [
        { tokenEnv: 'NOT_SET_HERE' },
        { token: 'two words' },
        { socket: pulumi.output('agent.sock') },
        { socket: pulumi.secret('agent.sock') },
      ])
        expect(() => home('home', args)).not.toThrow();
    });
  });

  test("declares the arguments that the gateway's kind takes, and no kind claims a common one", () => {
    const typed: Record<Exclude<keyof AgentGatewayArgs, keyof CommonGatewayArgs>, true> = {
      kind: true,
      socket: true,
      token: true,
      tokenEnv: true,
    };
    const common: Record<keyof CommonGatewayArgs, true> = {
      owner: true,
      name: true,
      endpoint: true,
      unreachable: true,
      timeout: true,
      renewBefore: true,
    };
    const openwrt: Record<Exclude<keyof OpenwrtGatewayArgs, keyof CommonGatewayArgs>, true> = {
      kind: true,
      url: true,
      username: true,
      password: true,
      passwordEnv: true,
      caFile: true,
      pins: true,
      insecure: true,
      wanZones: true,
    };
    const upnp: Record<Exclude<keyof UpnpGatewayArgs, keyof CommonGatewayArgs>, true> = {
      kind: true,
      url: true,
      udn: true,
      interfaces: true,
    };
    for (const [kind, names] of Object.entries({ agent: typed, openwrt, upnp })) {
      const own = Object.entries(findKind(kind)?.arguments ?? {}).flatMap(([name, { secret }]) =>
        secret ? [name, `${name}Env`] : [name],
      );
      expect(Object.keys(names).sort()).toEqual(['kind', ...own].sort());
      expect(own.filter((name) => name in common)).toEqual([]);
    }
    expect(Object.keys(gatewayArguments).sort()).toEqual(Object.keys(common).sort());
  });
});

describe('two gateways in one program', () => {
  const web = { externalPort: 443, internalAddress: '192.168.50.10' };

  test('that are one device and one owner share their rules, or each would take the ports of the other', async () => {
    await register(() => {
      expect(home('a').rules).toBe(home('b').rules);
      expect(home('c', { socket: '/run/other.sock' }).rules).not.toBe(home('a').rules);
      expect(home('d', { owner: 'family' }).rules).not.toBe(home('a').rules);
      expect(home('e', { socket: pulumi.output(SOCKET) }).rules).not.toBe(home('a').rules);
    });
  });

  test('share the verdict: a wrong rule on one keeps those of the other unregistered', async () => {
    await register(async () => {
      const [a, b] = [home('a'), home('b', { owner: 'family' })];
      const good = a.rules.add('good', { name: 'good', ...web });
      const bad = b.rules.add('bad', { name: 'bad', ...web, externalPort: 0 });
      for (const rule of [good, bad]) await expect(rule).rejects.toThrow(/^rule "bad"/);
    });
  });

  test('of two runs in one process have nothing to do with each other', async () => {
    const sets: unknown[] = [];
    for (const _run of [1, 2]) await register(() => void sets.push(home().rules));
    expect(sets[0]).not.toBe(sets[1]);
  });
});

describe('a rule', () => {
  test('is registered under its permanent type, text and name, on its gateway', async () => {
    const seen = await register(() => {
      new PortForwardRule(
        'web',
        { externalPort: 443, internalAddress: '192.168.50.10' },
        { gateway: home() },
      );
    });
    expect(seen[1]).toEqual({
      type: 'pulumi-nodejs:dynamic/portforward:PortForwardRule',
      name: 'web',
      provider: 'urn:pulumi:dev::shop::pulumi:pulumi:Stack$pulumi:providers:pulumi-nodejs::home::home-id',
      inputs: { __provider: PROVIDER_TEXT, name: 'web', externalPort: 443, internalAddress: '192.168.50.10' },
    });
  });

  test('waits for what the user says it depends on, in every form', async () => {
    const seen = await register(() => {
      const gateway = home();
      const args = { internalAddress: '192.168.50.10' };
      const a = new PortForwardRule('a', { ...args, externalPort: 1 }, { gateway });
      const b = new PortForwardRule('b', { ...args, externalPort: 2 }, { gateway, dependsOn: a });
      const c = new PortForwardRule('c', { ...args, externalPort: 3 }, { gateway, dependsOn: [a, b] });
      const later = Promise.resolve([c]);
      new PortForwardRule('d', { ...args, externalPort: 4 }, { gateway, dependsOn: later });
      new PortForwardRule('e', { ...args, externalPort: 5 }, { gateway, dependsOn: pulumi.output([c]) });
    });
    const order = seen.map(({ name }) => name);
    expect(order.slice(0, 4)).toEqual(['home', 'a', 'b', 'c']);
    expect(order.slice(4).sort()).toEqual(['d', 'e']);
  });

  test('takes the gateway of the component around it', async () => {
    const seen = await register(() => {
      new Shop('shop', { providers: [home()] });
    });
    expect(seen.find(({ name }) => name === 'web')?.provider).toMatch(/::home::home-id$/);
  });

  test('needs a gateway', async () => {
    await register(() => {
      const args = { externalPort: 443, internalAddress: '192.168.50.10' };
      expect(() => new PortForwardRule('web', args)).toThrow(/rule "web" has no gateway: pass it/);
      expect(() => new PortForwardRule('web', args, { parent: home() })).toThrow(/has no gateway/);
      expect(() => new PortForwardRule('web', args, { gateway: {} as never })).toThrow(/is not a Gateway/);
      expect(() => new Shop('shop', {})).toThrow(/has no gateway/);
    });
  });

  test('has one gateway only', async () => {
    await register(() => {
      const [a, b] = [home('a'), home('b')];
      expect(() => new Shop('one', { providers: [a, b] })).toThrow(/more than one gateway \("a" and "b"\)/);
      const args = { externalPort: 443, internalAddress: '192.168.50.10' };
      expect(() => new PortForwardRule('web', args, { gateway: a, provider: b })).toThrow(/more than one/);
      // The nearest word counts, and the option `gateway` before all.
      const outer = new pulumi.ComponentResource('test:index:Outer', 'outer', {}, { providers: [a, b] });
      expect(() => new Shop('two', { parent: outer, providers: [a] }, 'two')).not.toThrow();
      expect(() => new Shop('three', { parent: outer })).toThrow(/more than one/);
      new PortForwardRule('x', { ...args, externalPort: 1 }, { gateway: b, parent: outer });
    });
  });
});
