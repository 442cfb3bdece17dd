import { upnpKind } from '../../../../provider/backends/upnp/kind';
import { PortforwardError } from '../../../../provider/rule/error';

const parse = (args: Record<string, unknown>, env: Record<string, string> = {}) => upnpKind.parse(args, env);
const endpoint = (args: Record<string, unknown>) => upnpKind.endpoint(parse(args));

test('nothing is needed', () => {
  expect(parse({})).toEqual({ url: null, udn: null, interfaces: null });
  expect(endpoint({})).toBe('upnp:default');
});

test('the name of the device is its place, else its URL', () => {
  const url = 'http://192.168.1.1:5000/rootDesc.xml';
  expect(endpoint({ url })).toBe(`upnp:${url}`);
  expect(endpoint({ url, udn: 'uuid:ABC' })).toBe('upnp:uuid:abc');
  expect(endpoint({ url: 'http://192.168.1.1:80' })).toBe('upnp:http://192.168.1.1/');
  expect(endpoint({ url: 'http://[2001:DB8::1]:5000/d' })).toBe('upnp:http://[2001:db8::1]:5000/d');
});

test('both may come from the environment, and an argument beats it', () => {
  const env = { PORTFORWARD_UPNP_URL: 'http://192.168.1.1/d', PORTFORWARD_UDN: 'uuid:env' };
  expect(parse({}, env)).toMatchObject({ udn: 'uuid:env' });
  expect(parse({ udn: 'uuid:arg' }, env).udn).toBe('uuid:arg');
  expect(parse({}, { PORTFORWARD_UPNP_URL: '' }).url).toBeNull();
});

test.each<[string, Record<string, unknown>, string]>([
  ['a name', { url: 'http://router.lan:5000/rootDesc.xml' }, 'url'],
  ['https', { url: 'https://192.168.1.1/' }, 'url'],
  ['no URL', { url: '192.168.1.1' }, 'url'],
  ['a login', { url: 'http://u:p@192.168.1.1/' }, 'url'],
  ['a number', { url: 5 }, 'url'],
  ['no unique name', { udn: '1234' }, 'udn'],
  ['one interface', { interfaces: 'eth0' }, 'interfaces'],
  ['no interfaces', { interfaces: [] }, 'interfaces'],
  ['an argument of another kind', { socket: '/run/x' }, 'socket'],
])('%s is refused by name', (_, args, property) => {
  const parsing = () => parse(args);
  expect(parsing).toThrow(PortforwardError);
  expect(parsing).toThrow(expect.objectContaining({ code: 'invalid', property }));
});
