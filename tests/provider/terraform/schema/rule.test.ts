import fc from 'fast-check';
import { checkRule } from '../../../../provider/rule/check';
import { diff } from '../../../../provider/rule/diff';
import { properties, table } from '../../../../provider/rule/properties';
import { type LooseInputs, UNKNOWN } from '../../../../provider/rule/rule';
import { decode, decodeJson } from '../../../../provider/terraform/codec/decode';
import { encode } from '../../../../provider/terraform/codec/encode';
import type { Values } from '../../../../provider/terraform/codec/type';
import { camel, inHcl, pathOf, snake } from '../../../../provider/terraform/schema/names';
import { ruleBlock } from '../../../../provider/terraform/schema/rule';
import { fromInputs, toInputs } from '../../../../provider/terraform/schema/rule-values';
import { rule as anyRule } from '../../../property/arbitraries';
import { arrived, hex } from '../codec/support';

const attributes = new Map((ruleBlock.block.attributes ?? []).map((one) => [one.name, one]));
const through = (values: Values) => decode(ruleBlock, arrived(encode(ruleBlock, values).msgpack)) as Values;
const web = { name: 'web', externalPort: 443, internalAddress: '192.168.1.10' };

describe('the schema and the property table agree', () => {
  test.each(properties.map((row) => [row.name, row] as const))('on %s', (name, row) => {
    const attribute = attributes.get(snake(name));
    expect(camel(snake(name))).toBe(name);
    expect(attribute).toBeDefined();
    expect(attribute?.required ?? false).toBe(row.required);
    expect(attribute?.optional ?? false).toBe(!row.required);
    // The provider may say what an optional one is only where its unset value is a certain one.
    expect(attribute?.computed ?? false).toBe(row.default !== undefined || row.sameAs !== undefined);
    expect(attribute?.sensitive ?? false).toBe(row.secret);
    expect(attribute?.description).toContain(inHcl(row.description));
    expect(attribute?.description_kind).toBe('MARKDOWN');
    const types = {
      text: 'string',
      ports: 'string',
      boolean: 'bool',
      integer: 'number',
      texts: ['set', 'string'],
    };
    expect(JSON.parse(Buffer.from(attribute?.type ?? []).toString())).toEqual(types[row.type]);
  });

  test('and nothing else can be set', () => {
    const settable = [...attributes.values()].filter(({ required, optional }) => required || optional);
    expect(settable.map(({ name }) => name)).toEqual(properties.map(({ name }) => snake(name)));
    const told = [...attributes.keys()].slice(settable.length);
    expect(told).toEqual(['id', 'owner', 'gateway_name', 'endpoint', 'device']);
    expect(new Set(attributes.keys()).size).toBe(ruleBlock.block.attributes?.length);
  });

  test('on words that engines keep for themselves', () => {
    const reserved = [
      'count',
      'for_each',
      'depends_on',
      'lifecycle',
      'provider',
      'provisioner',
      'connection',
    ];
    for (const name of attributes.keys()) {
      expect(reserved).not.toContain(name);
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    }
  });

  test('no text speaks of one engine, or names a property as another one writes it', () => {
    for (const { name, description } of attributes.values()) {
      expect([name, description]).toEqual([name, expect.not.stringMatching(/pulumi|terraform|opentofu/i)]);
      for (const row of properties.filter(({ name }) => snake(name) !== name))
        expect(description).not.toContain(row.name);
    }
    for (const row of properties) expect(row.description).not.toMatch(/pulumi|terraform|opentofu/i);
  });
});

describe('a rule', () => {
  test.each(properties.flatMap((row) => row.examples.map((example) => [row.name, example] as const)))(
    'keeps %s: %j all the way to the engine and back',
    (name, example) => {
      const inputs: LooseInputs = { ...web, [name]: example };
      const { attributes: sent, texts } = fromInputs(inputs, null);
      expect(texts).toEqual([]);
      const back = toInputs(through(sent));
      const asText = typeof example === 'number' && table[name].type === 'ports' ? String(example) : example;
      expect(back[name]).toEqual(asText);
      expect(diff(inputs, back)).toEqual([]);
      expect(back.adopt).toEqual(inputs.adopt);
      expect(checkRule(back)).toEqual(checkRule(inputs));
    },
  );

  test('means the same after the way to the engine and back, whatever it is', () => {
    fc.assert(
      fc.property(anyRule, (inputs) => {
        const sent = fromInputs(inputs, null).attributes;
        const back = toInputs(through(sent));
        expect(diff({ ...inputs }, back)).toEqual([]);
        expect(checkRule(back)).toEqual([]);
        // What was read is what is planned.
        expect(fromInputs(back, sent).attributes).toEqual(sent);
      }),
      { numRuns: 500 },
    );
  });

  test('has every attribute: what means a certain value while unset says it, the others are null', () => {
    expect(fromInputs(web, null).attributes).toEqual({
      name: 'web',
      enabled: true,
      protocol: 'tcp',
      external_port: '443',
      wan: null,
      internal_address: '192.168.1.10',
      internal_port: '443',
      sources: null,
      hairpin: null,
      log: false,
      description: '',
      adopt: null,
      lease: null,
      allow_management_ports: null,
    });
  });

  test('keeps apart what is unknown, what is null and what is empty', () => {
    const sent = { name: 'web', sources: [UNKNOWN, '192.0.2.1'], wan: UNKNOWN, adopt: null, description: '' };
    expect(toInputs(through(sent))).toEqual({
      name: 'web',
      sources: [UNKNOWN, '192.0.2.1'],
      wan: UNKNOWN,
      description: '',
    });
    expect(toInputs(through({ sources: UNKNOWN }))).toEqual({ sources: UNKNOWN });
    expect(toInputs(through({ sources: [] }))).toEqual({ sources: [] });
    expect(checkRule({ ...web, sources: [UNKNOWN, '192.0.2.1'] })).toEqual([]);
  });

  test('is read as a real engine sent it: unknown with a hint, without one, and within a set', () => {
    // Terraform 1.11.4, ValidateResourceConfig of name = "game-${terraform_data.a.id}", sources = [terraform_data.a.id, "1.2.3.4"]
    const sent =
      'de0013a561646f7074c0b6616c6c6f775f6d616e6167656d656e745f706f727473c0ab6465736372697074696f6ec0a6646576696365' +
      'c0a7656e61626c6564c0a8656e64706f696e74c0ad65787465726e616c5f706f7274a9383030302d38303130ac676174657761795f6e' +
      '616d65c0a76861697270696ec0a26964c0b0696e7465726e616c5f61646472657373d40000ad696e7465726e616c5f706f7274c0a56c' +
      '65617365c0a36c6f67c0a46e616d65c70a0c8201c202a567616d652da56f776e6572c0a870726f746f636f6cc0a7736f757263657392' +
      'a7312e322e332e34d40000a377616ec0';
    const inputs = toInputs(decode(ruleBlock, hex(sent)) as Values);
    expect(inputs).toEqual({
      name: UNKNOWN,
      externalPort: '8000-8010',
      internalAddress: UNKNOWN,
      sources: ['1.2.3.4', UNKNOWN],
    });
    expect(checkRule(inputs)).toEqual([]);
  });

  test('means the same in whatever order its sources come', () => {
    const sources = ['198.51.100.7', '192.0.2.0/24', '203.0.113.0/24'];
    const a = toInputs(through(fromInputs({ ...web, sources }, null).attributes));
    const b = toInputs(through(fromInputs({ ...web, sources: [...sources].reverse() }, null).attributes));
    expect(a.sources).not.toEqual(b.sources);
    expect(diff(a, b)).toEqual([]);
  });

  test('has none of what the provider says beside its properties among its inputs', () => {
    const all = { id: 'o/web', owner: 'o', gateway_name: 'g', endpoint: 'e', device: 'd', name: 'web' };
    expect(toInputs(through(all))).toEqual({ name: 'web' });
  });
});

describe('what no value of a rule can say', () => {
  const mixed = 'tcp:80: true; tcp:443: false';

  test.each([
    ['enabled', true, false],
    ['enabled', false, true],
    ['enabled', null, false],
    ['log', null, true],
    ['hairpin', true, false],
    ['hairpin', null, true],
  ])('is, of the boolean %s that was %j, %j and told in words', (name, recorded, shown) => {
    const { attributes: sent, texts } = fromInputs({ ...web, [name]: mixed }, { [name]: recorded });
    expect(sent[name]).toBe(shown);
    expect(texts).toEqual([{ property: name, reason: `is "${mixed}" on the gateway, shown as ${shown}.` }]);
    expect(through(sent)[name]).toBe(shown);
  });

  test('is the only element of the sources, which no plan accepts', () => {
    const { attributes: sent, texts } = fromInputs({ ...web, sources: 'tcp:80: everyone' }, null);
    expect(through(sent).sources).toEqual(['tcp:80: everyone']);
    expect(texts).toHaveLength(1);
    expect(checkRule(toInputs(sent))).toHaveLength(1);
  });

  test('is itself where the attribute is text', () => {
    const { attributes: sent, texts } = fromInputs({ ...web, externalPort: 'tcp:80; udp:81' }, null);
    expect(sent.external_port).toBe('tcp:80; udp:81');
    expect(texts).toEqual([]);
  });
});

describe('a stored state', () => {
  const state = (value: object) => ({ json: Buffer.from(JSON.stringify(value)), flatmap: {} });

  test('loses what this version does not have, and has null for what it lacks', () => {
    const old = { name: 'web', external_port: '443', gone: { deep: [1] }, status: 'ok' };
    const upgraded = decodeJson(ruleBlock, state(old)) as Values;
    expect(Object.keys(upgraded)).toEqual([...attributes.keys()]);
    expect(upgraded).toMatchObject({ name: 'web', external_port: '443', enabled: null, device: null });
    expect(toInputs(upgraded)).toEqual({ name: 'web', externalPort: '443' });
    expect(through(upgraded)).toEqual(upgraded);
  });

  test('of the wrong type is an error that names the attribute', () => {
    expect(() => decodeJson(ruleBlock, state({ external_port: 443 }))).toThrow(
      /stored state cannot be read: external_port is a number where text was expected/,
    );
  });

  test('has the version of the schema', () => {
    expect(ruleBlock.version).toBe(0);
  });
});

test('names in messages are those of HCL', () => {
  expect(pathOf('externalPort')).toEqual({ steps: [{ attribute_name: 'external_port' }] });
  expect(inHcl('Unless allowManagementPorts names it; "tokenEnv" and externalPort 80-81.')).toBe(
    'Unless allow_management_ports names it; "token_env" and external_port 80-81.',
  );
  expect(inHcl('Take it over with adopt: "tcp:443", or leave OpenWrt and myExternalPort alone.')).toBe(
    'Take it over with adopt = "tcp:443", or leave OpenWrt and myExternalPort alone.',
  );
  expect(inHcl('is wrong with owner: see there')).toBe('is wrong with owner: see there');
});
