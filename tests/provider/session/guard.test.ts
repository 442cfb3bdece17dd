import { normalise } from '../../../provider/rule/normalise';
import type { RuleInputs } from '../../../provider/rule/rule';
import { capturedManagement } from '../../../provider/session/guard';
import { rule } from './device';

const ssh = { protocol: 'tcp', port: 22, service: 'SSH' } as const;
const web = { protocol: 'tcp', port: 443, service: 'the web interface' } as const;

const captured = (externalPort: number | string, more: Partial<RuleInputs> = {}) =>
  capturedManagement(normalise(rule('x', externalPort, more)), [ssh, web])?.port ?? null;

test('a rule that takes a management port is caught, alone or within a range or list', () => {
  expect(captured(22)).toBe(22);
  expect(captured('20-25')).toBe(22);
  expect(captured('80,443')).toBe(443);
  expect(captured(22, { protocol: 'tcp+udp' })).toBe(22);
  expect(captured(22, { sources: ['198.51.100.0/24'] })).toBe(22);
});

test('what does not take it passes', () => {
  expect(captured(2222)).toBeNull();
  expect(captured(22, { protocol: 'udp' })).toBeNull();
  expect(captured(22, { enabled: false })).toBeNull();
  expect(captured(22, { internalAddress: '2001:db8:1::10' })).toBeNull();
  expect(captured(22, { internalAddress: 'gateway' })).toBeNull();
  expect(captured(22, { internalAddress: 'gateway', internalPort: 2222 })).toBe(22);
});

test('the user’s word covers the very ports that it names', () => {
  expect(captured(22, { allowManagementPorts: 22 })).toBeNull();
  expect(captured('20-25,443', { allowManagementPorts: 22 })).toBe(443);
  expect(captured('20-25,443', { allowManagementPorts: '22,443' })).toBeNull();
});
