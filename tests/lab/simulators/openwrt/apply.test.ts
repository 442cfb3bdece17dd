import { Practice, web } from './raw';

let practice: Practice;
let sid: string;
let before: string;
beforeEach(async () => {
  practice = await Practice.start({ reloadDelay: 0 });
  practice.router.byHand.write(`# written by hand\n${practice.router.byHand.text()}`);
  before = practice.router.byHand.text();
  sid = await practice.login();
});
afterEach(() => practice.stop());

const apply = (args: object, who = sid) => practice.call(who, 'uci', 'apply', args);
const file = () => practice.router.byHand.text();
const changes = async (who = sid) => (await practice.uci(who, 'changes'))[1]?.changes;

test('with a confirmation it stays, and nothing is staged any more', async () => {
  await practice.add(sid, 'pf_web');
  expect(await apply({ rollback: true, timeout: 30 })).toEqual([0]);
  expect(await changes()).toEqual([]);
  expect(practice.router.device.pending.sid).toBe(sid);
  expect(await practice.call(sid, 'uci', 'confirm')).toEqual([0]);
  practice.clock.advance(31_000);
  expect(practice.router.byHand.lines('pf_web')).toContain("option src_dport '443'");
  expect(file()).not.toContain('# written by hand');
});

test('without one the whole file comes back, byte by byte, and the changes are staged again', async () => {
  await practice.add(sid, 'pf_web');
  const staged = await changes();
  await apply({ rollback: true, timeout: 30 });
  practice.router.byHand.add('rule', { name: 'meanwhile', src: 'lan', target: 'DROP' });
  expect(await practice.chain('dstnat_wan')).toHaveLength(1);
  practice.clock.advance(29_999);
  expect(file()).not.toBe(before);
  practice.clock.advance(1);
  // What somebody else has written meanwhile is lost with it.
  expect(file()).toBe(before);
  expect(await practice.chain('dstnat_wan')).toEqual([]);
  expect(await changes()).toEqual(staged);
  // So the next apply of that session brings it again.
  expect(await apply({ rollback: true })).toEqual([0]);
  expect(practice.router.byHand.section('pf_web')).toBeDefined();
});

test('the default is 60 seconds', async () => {
  await practice.add(sid, 'pf_web');
  await apply({ rollback: true, timeout: '10' });
  practice.clock.advance(59_999);
  expect(practice.router.device.pending.sid).toBe(sid);
  practice.clock.advance(1);
  expect(practice.router.device.pending.sid).toBeNull();
});

test('rollback takes back at once; where the session is gone only the file comes back', async () => {
  await practice.add(sid, 'pf_web');
  await apply({ rollback: true });
  expect(await practice.call(sid, 'uci', 'rollback')).toEqual([0]);
  expect(file()).toBe(before);
  expect(await changes()).toHaveLength(9);
  await apply({ rollback: true });
  await practice.call(sid, 'session', 'destroy');
  practice.router.applyTimesOut();
  expect(file()).toBe(before);
  expect(practice.router.device.staging.configs(sid)).toEqual([]);
});

test('codes: nothing staged, nothing pending, somebody else pending, somebody else asking', async () => {
  expect(await apply({ rollback: true })).toEqual([5]);
  expect(await apply({})).toEqual([5]);
  expect(await practice.call(sid, 'uci', 'confirm')).toEqual([5]);
  expect(await practice.call(sid, 'uci', 'rollback')).toEqual([5]);
  const other = practice.router.otherApply();
  await practice.add(sid, 'pf_web');
  expect(await apply({ rollback: true })).toEqual([6]);
  expect(await practice.uci(sid, 'commit')).toEqual([6]);
  expect(await practice.uci(sid, 'revert')).toEqual([6]);
  expect(await practice.call(sid, 'uci', 'confirm')).toEqual([6]);
  expect(await practice.call(sid, 'uci', 'rollback')).toEqual([6]);
  expect(other.waits).toBe(true);
  other.confirm();
  expect(await apply({ rollback: true })).toEqual([0]);
});

test('without a rollback it spoils the pending one of somebody else, and says nothing', async () => {
  const other = practice.router.otherApply({ timeout: 90 });
  const theirs = file();
  await practice.add(sid, 'pf_web');
  expect(await apply({ rollback: false })).toEqual([0]);
  expect(file()).toBe(theirs);
  expect(other.waits).toBe(true);
  practice.clock.advance(90_000);
  // Nothing to go back to is left.
  expect(file()).toBe(theirs);
  expect(practice.router.device.pending.sid).toBeNull();
});

test('a rollback that is no truth value is none: 1 applies for good', async () => {
  await practice.add(sid, 'pf_web');
  expect(await apply({ rollback: 1 })).toEqual([0]);
  expect(practice.router.device.pending.sid).toBeNull();
  expect(practice.router.byHand.section('pf_web')).toBeDefined();
});

test('it needs the right to write all that is staged', async () => {
  await practice.add(sid, 'pf_web');
  practice.router.dropGrant({ scope: 'uci', object: 'firewall', function: 'write' });
  expect(await apply({ rollback: true })).toEqual([6]);
  expect(file()).toBe(before);
});

test('the session of a pending apply may end: it is taken back all the same', async () => {
  const short = await practice.login('portforward', 'forward', 10);
  await practice.add(short, 'pf_web');
  await apply({ rollback: true, timeout: 30 }, short);
  practice.clock.advance(30_000);
  expect(file()).toBe(before);
  expect(await practice.call(short, 'uci', 'confirm')).toEqual([-32002]);
});

test('what is added with lists is added again by the next apply after a rollback', async () => {
  await practice.uci(sid, 'add', {
    type: 'redirect',
    name: 'pf_web',
    values: { ...web, reflection_zone: ['lan'] },
  });
  await apply({ rollback: true });
  await practice.call(sid, 'uci', 'rollback');
  await practice.uci(sid, 'add', {
    type: 'redirect',
    name: 'pf_web',
    values: { ...web, reflection_zone: ['lan'] },
  });
  await apply({ rollback: true });
  expect(practice.router.byHand.section('pf_web')?.options.get('reflection_zone')).toEqual(['lan', 'lan']);
});
