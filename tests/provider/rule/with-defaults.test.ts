import fc from 'fast-check';
import { diff } from '../../../provider/rule/diff';
import { normalise } from '../../../provider/rule/normalise';
import { properties } from '../../../provider/rule/properties';
import { type RuleInputs, UNKNOWN } from '../../../provider/rule/rule';
import { withDefaults } from '../../../provider/rule/with-defaults';
import { rule } from '../../property/arbitraries';

const web = { name: 'web', externalPort: '8000-8010', internalAddress: '192.168.1.10' };

test('every property with a default is written out, whether it was left out or null', () => {
  const nulls = Object.fromEntries(properties.map(({ name }) => [name, null]));
  for (const inputs of [web, { ...nulls, ...web }]) {
    const filled = withDefaults(inputs);
    for (const { name, default: value } of properties)
      if (value !== undefined) expect([name, filled[name]]).toEqual([name, value]);
    expect(filled.internalPort).toBe('8000-8010');
    expect(filled).toMatchObject(web);
  }
});

test('what means no certain value stays unset, and what was set stays as it was spelled', () => {
  const filled = withDefaults({ ...web, sources: null });
  expect(filled.sources).toBeNull();
  for (const name of ['wan', 'hairpin', 'adopt', 'lease', 'allowManagementPorts'])
    expect(filled).not.toHaveProperty(name);
  const spelled = { ...web, enabled: false, protocol: 'udp', internalPort: '9000-9010', log: true };
  expect(withDefaults(spelled)).toMatchObject(spelled);
});

test('what another property says is unknown for as long as that is', () => {
  expect(withDefaults({ ...web, externalPort: UNKNOWN }).internalPort).toBe(UNKNOWN);
  expect(withDefaults({ ...web, protocol: UNKNOWN }).protocol).toBe(UNKNOWN);
  expect(withDefaults({ ...web, externalPort: null }).internalPort).toBeUndefined();
});

test('the rule stays what it was', () => {
  fc.assert(
    fc.property(rule, (inputs) => {
      const filled = withDefaults({ ...inputs });
      expect(diff({ ...inputs }, filled)).toEqual([]);
      expect(normalise(filled as unknown as RuleInputs)).toEqual(normalise(inputs));
      expect(withDefaults(filled)).toEqual(filled);
    }),
    { numRuns: 500 },
  );
});
