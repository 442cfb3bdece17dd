import { UNKNOWN } from '../../../../provider/rule/rule';
import { withDefaults } from '../../../../provider/rule/with-defaults';
import type { Values } from '../../../../provider/terraform/codec/type';
import { planned, settled } from '../../../../provider/terraform/rpc/planned';
import { fromInputs } from '../../../../provider/terraform/schema/rule-values';

const place = { owner: 'home', gatewayName: 'router', endpoint: 'agent:/a.sock' };

const inputs = (more: object = {}) =>
  withDefaults({ name: 'web', externalPort: '443', internalAddress: '192.168.1.10', ...more });

const before = (more: object = {}): Values => ({
  ...fromInputs(inputs(more), null).attributes,
  id: 'home/web',
  owner: 'home',
  gateway_name: 'router',
  endpoint: 'agent:/a.sock',
  device: 'serial-1',
});

const plan = (news: object, olds: object | null = {}, due = false) =>
  planned(inputs(news), olds && { attributes: before(olds), due }, place);

test('of a new rule the device alone is unknown', () => {
  expect(plan({}, null)).toEqual({ ...before(), device: UNKNOWN });
});

test('where nothing changes it is the very object that was there', () => {
  const attributes = before();
  expect(planned(inputs(), { attributes, due: false }, place)).toBe(attributes);
});

test.each([
  [{}, { externalPort: '443', internalPort: '443', protocol: 'tcp', enabled: true, description: '' }],
  [{ externalPort: '80,443' }, { externalPort: '443,80' }],
  [{ externalPort: '80-81' }, { externalPort: '80,81' }],
  [{ sources: ['203.0.113.7'] }, { sources: ['203.0.113.7/32'] }],
  [
    { externalPort: '80,443', internalPort: '8080,8443' },
    { externalPort: '443,80', internalPort: '8443,8080' },
  ],
])('%j written as %j is no change, and stays as it was spelled', (olds, news) => {
  expect(plan(news, olds)).toEqual(before(olds));
});

test('ports that swap sides are no spelling of the old ones, nor half of it', () => {
  const olds = { externalPort: '80,443', internalPort: '8080,8443' };
  const news = { externalPort: '443,80', internalPort: '8080,8443' };
  expect(plan(news, olds)).toMatchObject({ external_port: '443,80', internal_port: '8080,8443' });
});

test('what changes beside a spelling takes the new spelling of everything', () => {
  expect(plan({ externalPort: '443,80', log: true }, { externalPort: '80,443' })).toMatchObject({
    external_port: '443,80',
    internal_port: '443,80',
    log: true,
  });
});

test('what is unset is set to nothing, also where it only steered', () => {
  expect(plan({}, { sources: ['203.0.113.0/24'] })).toMatchObject({ sources: null });
  expect(plan({}, { adopt: 'tcp:443' })).toMatchObject({ adopt: null });
  expect(plan({ adopt: 'tcp:80' }, { adopt: 'tcp:443' })).toEqual(before({ adopt: 'tcp:443' }));
});

test('what is unknown is unknown, and what follows from it', () => {
  const attributes = plan({ externalPort: UNKNOWN });
  expect(attributes).toEqual({ ...before(), external_port: UNKNOWN, internal_port: UNKNOWN });
  expect(plan({ name: UNKNOWN })).toEqual({ ...before(), name: UNKNOWN, id: UNKNOWN });
  expect(plan({ internalPort: '443', externalPort: UNKNOWN })).toMatchObject({ internal_port: '443' });
});

test('what is due is written though nothing changed', () => {
  expect(plan({}, {}, true)).toEqual({ ...before(), device: UNKNOWN });
});

test('another name for the gateway, and another endpoint, are changes', () => {
  const elsewhere = { ...place, gatewayName: 'r', endpoint: 'agent:/b.sock' };
  expect(planned(inputs(), { attributes: before(), due: false }, elsewhere)).toEqual({
    ...before(),
    gateway_name: 'r',
    endpoint: 'agent:/b.sock',
  });
});

test('while the configuration is unknown only rules that change show it', () => {
  const prior = { attributes: before(), due: false };
  expect(planned(inputs(), prior, null)).toBe(prior.attributes);
  const unknown = { id: UNKNOWN, owner: UNKNOWN, gateway_name: UNKNOWN, endpoint: UNKNOWN };
  expect(planned(inputs({ log: true }), prior, null)).toEqual({ ...before({ log: true }), ...unknown });
  expect(planned(inputs(), null, null)).toEqual({ ...before(), ...unknown, device: UNKNOWN });
});

test('after an apply everything is as planned, and known', () => {
  expect(settled({ a: 1, device: UNKNOWN }, { a: 2, device: 'serial-2' })).toEqual({
    a: 1,
    device: 'serial-2',
  });
});
