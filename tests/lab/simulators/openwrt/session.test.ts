import { NOBODY, Practice, web } from './raw';

let practice: Practice;
beforeEach(async () => {
  practice = await Practice.start({ reloadDelay: 0 });
});
afterEach(() => practice.stop());

const login = (args: object) => practice.call(NOBODY, 'session', 'login', args);
const password = { username: 'portforward', password: 'forward' };

test('a login tells the session, its time, the rights and the user', async () => {
  const [code, data] = await login({ ...password, timeout: 1234 });
  expect(code).toBe(0);
  expect(data).toMatchObject({
    timeout: 1234,
    expires: 1233,
    data: { username: 'portforward' },
    acls: {
      'access-group': { portforward: ['read', 'write'] },
      uci: { firewall: ['read', 'write'] },
      ubus: { uci: expect.arrayContaining(['get', 'apply']) },
    },
  });
  expect((await login(password))[1]).toMatchObject({ timeout: 300, expires: 299 });
});

test('a wrong password is 6, a missing field 2, and a number as timeout must be one', async () => {
  expect(await login({ ...password, password: 'wrong' })).toEqual([6]);
  expect(await login({ username: 'nobody', password: 'forward' })).toEqual([6]);
  expect(await login({ username: 'portforward' })).toEqual([2]);
  expect(await login({ username: 'portforward', password: 7 })).toEqual([2]);
  expect((await login({ ...password, timeout: '900' }))[1]).toMatchObject({ timeout: 300 });
  practice.router.faults.refuseLogins = true;
  expect(await login(password)).toEqual([6]);
});

test('an account with an empty password lets everybody in', async () => {
  await practice.stop();
  practice = await Practice.start({ accounts: [{ username: 'root', password: '', read: ['*'] }] });
  expect((await login({ username: 'root', password: 'anything' }))[0]).toBe(0);
});

test('a session ends when it was not used for its time, and every use rearms it', async () => {
  const sid = await practice.login('portforward', 'forward', 10);
  for (let use = 0; use < 3; use += 1) {
    practice.clock.advance(9_999);
    expect((await practice.call(sid, 'system', 'board'))[0]).toBe(0);
  }
  practice.clock.advance(10_000);
  expect(await practice.call(sid, 'system', 'board')).toEqual([-32002]);
  const everlasting = await practice.login('portforward', 'forward', 0);
  practice.clock.advance(100 * 86_400_000);
  expect((await practice.call(everlasting, 'system', 'board'))[0]).toBe(0);
});

test('an unknown session, an ended one and a missing right look the same', async () => {
  const sid = await practice.login();
  expect(await practice.call('f'.repeat(32), 'system', 'board')).toEqual([-32002]);
  expect(await practice.call(NOBODY, 'system', 'board')).toEqual([-32002]);
  expect(await practice.call(sid, 'uci', 'configs')).toEqual([-32002]);
  expect(await practice.call(sid, 'session', 'destroy')).toEqual([0]);
  expect(await practice.call(sid, 'session', 'destroy')).toEqual([-32002]);
  practice.router.expireSessionsAtCall(2);
  const other = await practice.login();
  expect((await practice.call(other, 'system', 'board'))[0]).toBe(0);
  expect(await practice.call(other, 'system', 'board')).toEqual([-32002]);
});

test('access tells one right, or all of them', async () => {
  const sid = await practice.login();
  const ask = (args: object) => practice.call(sid, 'session', 'access', args);
  expect(await ask({ object: 'uci', function: 'commit' })).toEqual([0, { access: true }]);
  expect(await ask({ scope: 'uci', object: 'network', function: 'read' })).toEqual([0, { access: false }]);
  expect((await ask({}))[1]).toMatchObject({ uci: { firewall: ['read', 'write'] } });
  expect(await practice.call(NOBODY, 'session', 'access', { object: 'session', function: 'login' })).toEqual([
    0,
    { access: true },
  ]);
});

test('a group exists only where a file describes it; write implies read, ! forbids, options count for nothing', async () => {
  const acl = {
    'a.json': {
      unauthenticated: { read: { ubus: { session: ['login'] } } },
      one: { read: { ubus: { system: ['board'] } }, write: { uci: ['firewall'] } },
      two: { read: { ubus: { uci: ['get'] }, uci: ['firewall'] } },
    },
  };
  const rpcd = (lines: string) => `config login\n\toption username 'u'\n\toption password '$p$u'\n${lines}`;
  const groups = async (lines: string) => {
    await practice.stop();
    practice = await Practice.start({
      acl,
      files: { rpcd: rpcd(lines) },
      accounts: [{ username: 'u', password: 'p' }],
    });
    return (await login({ username: 'u', password: 'p' }))[1]?.acls['access-group'];
  };
  expect(await groups("\tlist read '*'\n")).toEqual({
    one: ['read'],
    two: ['read'],
    unauthenticated: ['read'],
  });
  expect(await groups("\tlist write 'one'\n")).toEqual({ one: ['read', 'write'] });
  expect(await groups("\tlist read '*'\n\tlist read '!o*'\n")).toEqual({
    two: ['read'],
    unauthenticated: ['read'],
  });
  expect(await groups("\toption read '*'\n")).toBeUndefined();
  expect(await groups("\tlist read 'portforward'\n")).toBeUndefined();
});

test('who logs in while an apply of the same user is pending gets the session of that apply', async () => {
  const sid = await practice.login('portforward', 'forward', 777);
  await practice.add(sid, 'pf_web');
  expect(await practice.call(sid, 'uci', 'apply', { rollback: true, timeout: 30 })).toEqual([0]);
  const [, again] = await login({ ...password, timeout: 5 });
  expect(again).toMatchObject({ ubus_rpc_session: sid, timeout: 777 });
  const [, other] = await login({ username: 'root', password: 'router' });
  expect(other?.ubus_rpc_session).not.toBe(sid);
  expect(await practice.call(sid, 'uci', 'confirm')).toEqual([0]);
  expect((await login(password))[1]?.ubus_rpc_session).not.toBe(sid);
});

test('a session takes what it has staged with it', async () => {
  const sid = await practice.login();
  await practice.add(sid, 'pf_web');
  expect(practice.router.device.staging.configs(sid)).toEqual(['firewall']);
  await practice.call(sid, 'session', 'destroy');
  expect(practice.router.device.staging.configs(sid)).toEqual([]);
  const next = await practice.login();
  expect(await practice.uci(next, 'changes')).toEqual([0, { changes: [] }]);
  expect(await practice.uci(next, 'get', { section: 'pf_web' })).toEqual([0]);
});

test('a right that is dropped is gone from files and sessions', async () => {
  const sid = await practice.login();
  practice.router.dropGrant({ scope: 'uci', object: 'firewall', function: 'write' });
  expect(await practice.add(sid, 'pf_web', web)).toEqual([6]);
  const [, again] = await login(password);
  expect(again?.acls.uci).toEqual({ firewall: ['read'] });
  practice.router.dropGrant({ scope: 'ubus', object: 'uci', function: 'apply' });
  expect(await practice.call(sid, 'uci', 'apply', { rollback: true })).toEqual([-32002]);
});
