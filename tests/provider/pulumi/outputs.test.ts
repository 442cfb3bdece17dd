import { inputsOf, outputsOf, ruleInputs, ruleOutputs } from '../../../provider/pulumi/outputs';
import { UNKNOWN } from '../../../provider/rule/rule';
import { stateOf } from '../../../provider/session/outputs';
import type { RuleState } from '../../../provider/session/state';

const state: RuleState = {
  inputs: { name: 'web', externalPort: '443', internalAddress: '192.168.50.10', sources: ['203.0.113.0/24'] },
  owner: 'shop/dev',
  gatewayName: 'home',
  endpoint: 'agent:/run/portforward/agent.sock',
  device: null,
  entries: [{ tag: 'pf1_0123456789abcdef_01234567_0', content: '01234567', handle: 'h', permanent: true }],
};

test('a state survives the way through Pulumi', () => {
  expect(stateOf(outputsOf(state))).toEqual(state);
  const leased = { ...state, renewalDue: '2026-01-01T00:00:00.000Z' };
  expect(stateOf(outputsOf(leased))).toEqual(leased);
});

test('what is not there is absent: renewalDue only where something expires, no undefined anywhere', () => {
  const outputs = outputsOf({ ...state, inputs: { ...state.inputs, wan: undefined } as never });
  expect(Object.keys(outputs).sort()).toEqual([
    'device',
    'endpoint',
    'entries',
    'externalPort',
    'gatewayName',
    'internalAddress',
    'name',
    'owner',
    'sources',
  ]);
});

test('inputs come back in the spelling that was recorded', () => {
  expect(inputsOf(stateOf({ ...outputsOf(state), __provider: 'x' }))).toEqual(state.inputs);
});

test('every output is one that the resource declares', () => {
  const leased = { ...state, renewalDue: '2026-01-01T00:00:00.000Z' };
  expect(ruleOutputs).toEqual(expect.arrayContaining(Object.keys(outputsOf(leased))));
});

test('outputs of an older version, which recorded less, are read', () => {
  expect(stateOf({ name: 'web', externalPort: 443, internalAddress: '192.168.50.10' })).toMatchObject({
    owner: '',
    device: null,
    entries: [],
  });
});

test("Pulumi's own input is no property of the rule", () => {
  expect(ruleInputs({ __provider: 'x', name: '04da6b54-80e4-46f7-96ec-b56ff0331ba9' })).toEqual({
    name: UNKNOWN,
  });
});
