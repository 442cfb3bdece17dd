import { Command } from 'commander';
import type { Discovery, FoundGateway } from '../../../provider/backends/discovery';
import { addDiscover } from '../../../provider/cli/discover';
import { run } from '../../../provider/cli/program';
import { PortforwardError } from '../../../provider/rule/error';

const gateway: FoundGateway = {
  kind: 'upnp',
  product: 'Box, UPnP IGD:2',
  device: 'uuid:one',
  url: 'http://192.168.1.1:5000/rootDesc.xml',
  publicAddress: '11.22.33.1',
  unreachable: null,
  lease: 'up to 7 days',
  pinholes: true,
  sources: true,
  ownAddress: '192.168.1.5',
  arguments: { udn: 'uuid:one' },
};

/** Runs `discover` with kinds of gateways that find this. */
async function discover(found: Partial<Discovery>, ...argv: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const asked: (readonly string[] | null)[] = [];
  let status: number | null = null;
  const program = new Command('portforward');
  const terminal = {
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
    colour: false,
    env: {},
  };
  addDiscover(
    program,
    terminal,
    (code) => {
      status = code;
    },
    [
      {},
      {
        discover: async (interfaces) => {
          asked.push(interfaces);
          return { gateways: [], asked: [], complaints: [], ...found };
        },
      },
    ],
  );
  await program.parseAsync(['discover', ...argv], { from: 'user' });
  return { status, out: out.join('\n'), err: err.join('\n'), asked };
}

test('a gateway is a row, with the lines of configuration that name it', async () => {
  const { status, out } = await discover({ gateways: [gateway], asked: ['eth0 (192.168.1.5)'] });
  expect(status).toBe(0);
  expect(out).toMatch(/^GATEWAY +PUBLIC ADDRESS +LEASES +IPV6 PINHOLES +SOURCES +SEES YOU AS +URL$/m);
  expect(out).toMatch(
    /^Box, UPnP IGD:2 +11\.22\.33\.1 +up to 7 days +yes +one address +192\.168\.1\.5 +http:\/\/192\.168\.1\.1:5000\/rootDesc\.xml$/m,
  );
  expect(out).toContain('Its configuration:\n  kind: "upnp", udn: "uuid:one"');
});

test('why it has no public address stands in its place', async () => {
  const one = {
    ...gateway,
    publicAddress: null,
    unreachable: 'it has no public address',
    pinholes: false,
    sources: false,
  };
  const { out } = await discover({ gateways: [one, gateway] });
  expect(out).toContain('none: it has no public address');
  expect(out).toContain('Their configurations:');
});

test('what a device says cannot steer the terminal', async () => {
  const { out } = await discover({ gateways: [{ ...gateway, product: '\u001b[2JBox' }] });
  expect(out.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});

test('JSON for scripts, also when nothing was found', async () => {
  const one = await discover(
    { gateways: [gateway], asked: ['eth0 (192.168.1.5)'], complaints: ['x'] },
    '--json',
  );
  expect(JSON.parse(one.out)).toEqual({
    gateways: [gateway],
    asked: ['eth0 (192.168.1.5)'],
    complaints: ['x'],
  });
  const none = await discover({}, '--json');
  expect(none.status).toBe(3);
  expect(JSON.parse(none.out)).toEqual({ gateways: [], asked: [], complaints: [] });
  expect(none.err).toBe('');
});

test('nothing found: status 3, where it was asked, and a thought for containers', async () => {
  const { status, out, err } = await discover({
    asked: ['eth0 (172.17.0.2)'],
    complaints: ['http://192.168.1.9/ is no XML.'],
  });
  expect(status).toBe(3);
  expect(out).toBe('');
  expect(err).toContain('Asked: eth0 (172.17.0.2).');
  expect(err).toContain('container');
  expect(err).toContain('http://192.168.1.9/ is no XML.');
});

test('interfaces are handed on', async () => {
  const { asked } = await discover({}, '--interface', 'eth0', '--interface', '192.168.1.5');
  expect(asked).toEqual([['eth0', '192.168.1.5']]);
  expect((await discover({})).asked).toEqual([null]);
});

test('a wrong time is wrong usage', async () => {
  await expect(discover({}, '--timeout', 'soon')).rejects.toThrow(PortforwardError);
});

test('it is a command of the program, asks loopback alone when told so, and finds nothing there', async () => {
  const out: string[] = [];
  const terminal = {
    out: (text: string) => void out.push(text),
    err: () => undefined,
    colour: false,
    env: {},
  };
  expect(await run(['discover', '--interface', 'no-such-interface', '--json'], terminal)).toBe(3);
  expect(JSON.parse(out.join(''))).toMatchObject({ gateways: [], asked: [] });
  expect(await run(['discover', '--timeout', '0'], terminal)).toBe(2);
});
