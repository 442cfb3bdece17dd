import { Practice, web } from './raw';

let practice: Practice;
afterEach(() => practice.stop());

const LIST = ['list', 'chain', 'inet', 'fw4', 'dstnat_wan'];

async function start(commands: readonly string[] = []): Promise<string> {
  const file = Object.fromEntries(commands.map((command) => [command, ['exec']]));
  practice = await Practice.start({
    reloadDelay: 0,
    acl: {
      'a.json': {
        unauthenticated: { read: { ubus: { session: ['login'] } } },
        group: { read: { ubus: { file: ['exec'], uci: ['*'] }, uci: ['*'], file }, write: { uci: ['*'] } },
      },
    },
  });
  return practice.login('root', 'router');
}

const exec = (sid: string, command: string, params?: readonly unknown[], more: object = {}) =>
  practice.call(sid, 'file', 'exec', { command, ...(params ? { params } : {}), ...more });

test('a right for the program lets all its arguments through', async () => {
  const sid = await start(['/usr/sbin/nft']);
  expect((await exec(sid, '/usr/sbin/nft', ['list', 'ruleset']))[1]).toMatchObject({ code: 0 });
  // By its name alone it is looked for, and the path is made plain before the right is.
  expect((await exec(sid, 'nft', ['list', 'ruleset']))[0]).toBe(0);
  expect((await exec(sid, '/usr/sbin/../sbin//nft', ['list', 'ruleset']))[0]).toBe(0);
});

test('a right for a command line is for that line alone', async () => {
  const sid = await start([`/usr/sbin/nft ${LIST.join(' ')}`]);
  expect((await exec(sid, '/usr/sbin/nft', LIST))[0]).toBe(0);
  expect(await exec(sid, '/usr/sbin/nft', ['-s', ...LIST])).toEqual([6]);
  expect(await exec(sid, '/usr/sbin/nft')).toEqual([6]);
  expect((await exec(sid, '/usr/sbin/nft', ['list chain inet', 'fw4', 5, 'dstnat_wan']))[0]).toBe(0);
  expect(await exec(sid, '/usr/sbin/nft', [...LIST, 'x'.repeat(1000)])).toEqual([6]);
});

test('a wildcard lets through whatever comes behind a semicolon', async () => {
  const sid = await start(['/usr/sbin/nft list chain inet fw4 dstnat_*']);
  expect((await exec(sid, '/usr/sbin/nft', [...LIST.slice(0, 4), 'dstnat_wan; flush ruleset']))[0]).toBe(0);
  expect(practice.router.device.injected).toEqual(['flush ruleset']);
});

test('no such program is 4, no command 2, an environment 6', async () => {
  const sid = await start(['*']);
  expect(await exec(sid, '/bin/none', [])).toEqual([4]);
  expect(await practice.call(sid, 'file', 'exec', {})).toEqual([2]);
  expect(await exec(sid, '/usr/sbin/nft', LIST, { env: { A: 'b' } })).toEqual([6]);
});

test('a program that fails is no failure of the call', async () => {
  const sid = await start(['/usr/sbin/nft']);
  const [code, data] = await exec(sid, '/usr/sbin/nft', ['list', 'chain', 'inet', 'fw4', 'dstnat_none']);
  expect([code, data]).toEqual([
    0,
    {
      code: 1,
      stderr:
        'Error: No such file or directory\nlist chain inet fw4 dstnat_none\n                    ^^^^^^^^^^^\n',
    },
  ]);
  expect((await exec(sid, '/usr/sbin/nft', [...LIST, '-a']))[1]).toMatchObject({ code: 1 });
  expect((await exec(sid, '/usr/sbin/nft', ['--frob']))[1]).toMatchObject({ code: 1 });
});

test('262 144 bytes of output are too many: 8', async () => {
  const sid = await start(['/usr/sbin/nft']);
  const forwards = Array.from({ length: 700 }, (_, index) =>
    Object.entries({
      ...web,
      name: `pf_${index} ${'x'.repeat(80)}`,
      src_dport: 1000 + index,
      proto: 'tcp udp',
    })
      .map(([option, value]) => `\toption ${option} '${value}'\n`)
      .join(''),
  );
  practice.router.byHand.write(
    practice.router.byHand.text() +
      forwards.map((lines, index) => `config redirect 'r${index}'\n${lines}`).join(''),
  );
  expect((await exec(sid, '/usr/sbin/nft', LIST))[0]).toBe(8);
  // Without the numbers of counters it is shorter, and here just short enough.
  const [code, data] = await exec(sid, '/usr/sbin/nft', ['-s', ...LIST]);
  expect(code).toBe(0);
  expect(data?.stdout.match(/dnat ip to/g)).toHaveLength(1400);
});
