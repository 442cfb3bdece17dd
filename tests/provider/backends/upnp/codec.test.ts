import {
  entryOf,
  handleOf,
  isCut,
  mappingOf,
  markOf,
  readHandle,
  upnpCapabilities,
} from '../../../../provider/backends/upnp/codec';
import { type Mapping, readMapping, UnreadableMapping } from '../../../../provider/backends/upnp/mapping';
import { expand } from '../../../../provider/rule/expand';
import { makeTag } from '../../../../provider/rule/identity';
import { normalise } from '../../../../provider/rule/normalise';

const ID = 'shop/prod/web';
const { forward } = normalise({
  name: 'web',
  externalPort: 8443,
  internalPort: 443,
  internalAddress: '192.168.1.10',
});
const tag = makeTag(ID, forward, 0);
const wanted = { tag, id: ID, forward, lease: 3600 };
const mapping: Mapping = {
  protocol: 'tcp',
  externalPort: 8443,
  remoteHost: '',
  client: '192.168.1.10',
  internalPort: 443,
  enabled: true,
  description: `${tag} ${ID}`,
  lease: 3600,
};

test('a wanted entry becomes a mapping, and reads as what was wanted', () => {
  expect(mappingOf(wanted, 3600)).toEqual(mapping);
  expect(entryOf(mapping)).toMatchObject({
    handle: 'tcp:8443@*',
    tag,
    id: ID,
    forward,
    restriction: null,
    permanent: false,
    expires: 3600,
    changeable: true,
  });
});

test('one source is the remote host, told in the handle', () => {
  const limited = normalise({ ...rule(), sources: ['203.0.113.7'] }).forward;
  const made = mappingOf({ ...wanted, forward: limited }, 0) as Mapping;
  expect(made.remoteHost).toBe('203.0.113.7');
  expect(entryOf(made)).toMatchObject({ handle: 'tcp:8443@203.0.113.7', forward: limited, permanent: true });
});

test.each([
  ['a network', { sources: ['203.0.113.0/24'] }],
  ['two sources', { sources: ['203.0.113.7', '203.0.113.9'] }],
  ['two ports', { externalPort: '80-81', internalPort: '80-81' }],
  ['two protocols', { protocol: 'tcp+udp' as const }],
  ['an IPv6 host', { internalAddress: '2001:db8::1', internalPort: 8443 }],
])('%s fits in no mapping', (_, change) => {
  const other = normalise({ ...rule(), ...change }).forward;
  expect(mappingOf({ ...wanted, forward: other }, 0)).toHaveProperty('reason');
});

test('what a rule is cut into by the capabilities fits in mappings', () => {
  const all = normalise({
    ...rule(),
    externalPort: '7000,7010-7012',
    internalPort: '7000,7010-7012',
    protocol: 'tcp+udp',
  });
  const parts = expand(all.forward, upnpCapabilities({ pinholes: false, sources: true }));
  expect(parts).toHaveLength(8);
  for (const part of parts) expect(mappingOf({ ...wanted, forward: part }, 0)).toHaveProperty('client');
});

test('the mark holds the readable id where all of it fits in 63 bytes, and always the tag', () => {
  expect(markOf({ tag, id: ID })).toBe(`${tag} ${ID}`);
  const long = `shop/prod/${'w'.repeat(50)}`;
  expect(markOf({ tag, id: long })).toBe(tag);
  for (let length = 1; length < 60; length += 1)
    expect(markOf({ tag, id: 'w'.repeat(length) }).length).toBeLessThanOrEqual(63);
});

test('a forged id is not believed', () => {
  expect(entryOf({ ...mapping, description: `${tag} other/prod/web` })).toMatchObject({ tag, id: null });
});

describe('what others put there', () => {
  test.each([
    ['a description of their own', { description: 'Skype UDP at 192.168.1.5' }, null],
    ['a remote host by name', { remoteHost: 'host.example' }, 'only from "host.example"'],
    ['a remote network', { remoteHost: '203.0.113.0/24' }, 'only from "203.0.113.0/24"'],
    ['a client by name', { client: 'nas' }, 'to "nas", which is no IPv4 address'],
    ['every port', { externalPort: 0 }, 'for every external port'],
  ])('%s', (_, change, restriction) => {
    expect(entryOf({ ...mapping, description: 'theirs', ...change })).toMatchObject({
      tag: null,
      restriction,
    });
  });

  test('every port is every port, for those who want one of them', () => {
    expect(entryOf({ ...mapping, externalPort: 0 })).toMatchObject({
      forward: { traffic: [{ protocol: 'tcp', ports: [{ from: 1, to: 65_535, target: 1 }] }] },
      changeable: false,
    });
  });

  test('a label shows no control characters', () => {
    expect(entryOf({ ...mapping, description: '\u001b[2Jx\n' }).label).toBe('mapping "[2Jx"');
  });
});

describe('what goes over the wire', () => {
  const outputs = (change: Record<string, string> = {}) =>
    new Map(
      Object.entries({
        NewRemoteHost: '',
        NewExternalPort: '8443',
        NewProtocol: 'TCP',
        NewInternalPort: '443',
        NewInternalClient: '192.168.1.10',
        NewEnabled: '1',
        NewPortMappingDescription: 'x',
        NewLeaseDuration: '3600',
        ...change,
      }),
    );

  test('is read', () => {
    expect(readMapping(outputs())).toEqual({ ...mapping, description: 'x' });
  });

  test.each(['*', '0.0.0.0', '', ' ', 'Any'])('a remote host of %j is everyone', (text) => {
    expect(readMapping(outputs({ NewRemoteHost: text })).remoteHost).toBe('');
  });

  test.each([
    ['true', true],
    ['yes', true],
    ['0', false],
    ['False', false],
    ['', false],
  ])('an enabled of %j is %s', (text, enabled) => {
    expect(readMapping(outputs({ NewEnabled: text })).enabled).toBe(enabled);
  });

  test('a description keeps its spaces, for it may have to be put back', () => {
    expect(readMapping(outputs({ NewPortMappingDescription: ' a  b ' })).description).toBe(' a  b ');
  });

  test('no lease, and one that is no number, stay', () => {
    expect(readMapping(outputs({ NewLeaseDuration: '' })).lease).toBe(0);
    expect(readMapping(outputs({ NewLeaseDuration: '-1' })).lease).toBe(0);
  });

  test.each([
    { NewProtocol: 'SCTP' },
    { NewProtocol: '' },
    { NewExternalPort: '70000' },
    { NewExternalPort: '8443x' },
    { NewInternalPort: '' },
    { NewInternalPort: '-1' },
  ])('%j is no mapping', (change) => {
    expect(() => readMapping(outputs(change))).toThrow(UnreadableMapping);
  });
});

describe('handles', () => {
  test.each(['tcp:443@*', 'udp:65535@203.0.113.7', `tcp:443@* ${tag}`])(
    '%s reads as it was written',
    (handle) => {
      const read = readHandle(handle);
      expect(read && handleOf(read.key, read.tag)).toBe(handle);
    },
  );

  test.each([
    '',
    'tcp:443',
    'sctp:443@*',
    'tcp:0@*',
    'tcp:443@',
    'tcp:443@a b c',
    'pinhole:1 tcp:1->::1@* x 1 -',
  ])('%j is none', (handle) => {
    expect(readHandle(handle)).toBeNull();
  });
});

describe('a description that the router cut', () => {
  test.each([30, 20, 10, 0])('to %s bytes is known by the recorded tag and equal content', (length) => {
    expect(isCut({ ...mapping, description: tag.slice(0, length) }, tag)).toBe(true);
  });

  test('is not, when anything else differs', () => {
    const cut = { ...mapping, description: tag.slice(0, 12) };
    expect(isCut({ ...cut, internalPort: 444 }, tag)).toBe(false);
    expect(isCut({ ...cut, client: '192.168.1.11' }, tag)).toBe(false);
    expect(isCut({ ...cut, remoteHost: '203.0.113.7' }, tag)).toBe(false);
    expect(isCut({ ...cut, description: 'theirs' }, tag)).toBe(false);
    expect(isCut(mapping, tag)).toBe(false);
  });

  test('keeps its tag in the handle, and says so', () => {
    const entry = entryOf({ ...mapping, description: tag.slice(0, 12) }, tag);
    expect(entry).toMatchObject({ tag, handle: `tcp:8443@* ${tag}` });
    expect(entry.label).toContain('whose description the gateway has cut');
  });
});

function rule() {
  return {
    name: 'web',
    externalPort: 8443 as number | string,
    internalPort: 443 as number | string,
    internalAddress: '192.168.1.10',
  };
}
