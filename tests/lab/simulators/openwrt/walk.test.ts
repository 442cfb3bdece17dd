import { walk } from '../../../../lab/simulators/openwrt/kernel/walk';
import type { OpenWrtOptions } from '../../../../lab/simulators/openwrt/options';
import { Practice, web } from './raw';

/** The simulator's usual router: 203.0.113.7 outside on eth1, 192.168.1.1 inside on br-lan. */
const ROUTER = '203.0.113.7';

let practice: Practice;
async function start(options: OpenWrtOptions = {}): Promise<void> {
  practice = await Practice.start({ reloadDelay: 0, ...options });
}
beforeEach(() => start());
afterEach(() => practice.stop());

const fate = (port: number, { from = '198.51.100.9', protocol = 'tcp' as 'tcp' | 'udp' } = {}) =>
  walk(
    practice.router.device.firewall.kernel,
    { protocol, device: 'eth1', from, to: ROUTER, port },
    (address) => (address === ROUTER ? null : 'br-lan'),
  );
const hand = () => practice.router.byHand;

test('a redirect is followed to its target, and what is none ends at the router', () => {
  hand().add('redirect', { ...web, src_dport: '8000-8010', dest_port: '80' });
  expect(fate(8005)).toEqual({ reached: '192.168.1.10', port: 80 });
  for (const [port, protocol] of [
    [8011, 'tcp'],
    [8005, 'udp'],
  ] as const)
    expect(fate(port, { protocol })).toMatchObject({
      reached: null,
      because: expect.stringMatching(/reject$/),
    });
});

test('sources: a network, an address, and what is excepted', () => {
  const from = (source: string) => fate(443, { from: source }).reached;
  const name = hand().add('redirect', { ...web, src_ip: '198.51.100.0/28' });
  expect([from('198.51.100.15'), from('198.51.100.16')]).toEqual(['192.168.1.10', null]);
  hand().change(name, { src_ip: '198.51.100.9' });
  expect([from('198.51.100.9'), from('198.51.100.8')]).toEqual(['192.168.1.10', null]);
  hand().change(name, { src_ip: '!198.51.100.9' });
  expect([from('198.51.100.9'), from('198.51.100.8')]).toEqual([null, '192.168.1.10']);
});

test('several sources of a rule that opens the router itself, which ends there', () => {
  const sources = ['198.51.100.0/28', '192.0.2.1'];
  hand().add('rule', { src: 'wan', src_ip: sources, proto: 'tcp', dest_port: '22', target: 'ACCEPT' });
  for (const from of ['198.51.100.3', '192.0.2.1'])
    expect(fate(22, { from })).toEqual({ reached: ROUTER, port: 22 });
  for (const from of ['198.51.100.16', '192.0.2.2']) expect(fate(22, { from }).reached).toBeNull();
  expect(fate(23, { from: '192.0.2.1' }).reached).toBeNull();
});

test('a traffic rule in front drops what was translated', () => {
  hand().add('redirect', web);
  const name = hand().add('rule', {
    name: 'No',
    src: 'wan',
    dest: 'lan',
    dest_ip: '192.168.1.10',
    target: 'DROP',
  });
  expect(fate(443)).toMatchObject({ reached: null, because: expect.stringMatching(/ says drop$/) });
  hand().change(name, { dest_ip: '192.168.1.11' });
  expect(fate(443)).toEqual({ reached: '192.168.1.10', port: 443 });
});

test('a redirect without a target ends at the router, on another port', () => {
  hand().add('rule', { src: 'wan', proto: 'tcp', dest_port: '22', target: 'ACCEPT' });
  hand().add('redirect', { src: 'wan', proto: 'tcp', src_dport: '2222', dest_port: '22', target: 'DNAT' });
  expect(fate(2222)).toEqual({ reached: ROUTER, port: 22 });
});

test('what it cannot judge or follow it does not guess', () => {
  const name = hand().add('redirect', { ...web, mark: '0x1' });
  expect(() => fate(443)).toThrow(/cannot judge "meta mark 0x0*1"/);
  hand().change(name, { mark: '', src_dport: '443-445', dest_port: '8443-8445' });
  expect(() => fate(443)).toThrow(/cannot follow "dnat ip to 192.168.1.10:8443-8445"/);
});
