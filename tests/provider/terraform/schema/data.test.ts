import { agentCapabilities } from '../../../../provider/backends/agent/codec';
import { agentKind } from '../../../../provider/backends/agent/kind';
import { normalise } from '../../../../provider/rule/normalise';
import { properties } from '../../../../provider/rule/properties';
import type { RuleInputs } from '../../../../provider/rule/rule';
import { decode } from '../../../../provider/terraform/codec/decode';
import { encode } from '../../../../provider/terraform/codec/encode';
import type { Values } from '../../../../provider/terraform/codec/type';
import { makeBlock } from '../../../../provider/terraform/schema/block';
import { dataBlocks } from '../../../../provider/terraform/schema/blocks';
import { fromCapabilities } from '../../../../provider/terraform/schema/data-gateway';
import { fromForward } from '../../../../provider/terraform/schema/rule-values';
import { type MethodDefinition, providerService } from '../../../../provider/terraform/wire/definitions';
import type {
  GetProviderSchemaResponse,
  SchemaAttribute,
} from '../../../../provider/terraform/wire/messages';
import { arrived } from '../codec/support';

const { portforward_rules: rules, portforward_gateway: gateway } = dataBlocks;
const through = (block: typeof rules, values: Values) =>
  decode(block, arrived(encode(block, values).msgpack));

function everyAttribute(attributes: readonly SchemaAttribute[] = []): SchemaAttribute[] {
  return attributes.flatMap((one) => [one, ...everyAttribute(one.nested_type?.attributes)]);
}

test.each(Object.entries(dataBlocks))('%s is read only, and says what everything is', (_name, { block }) => {
  expect(block.description).toBeTruthy();
  const all = everyAttribute(block.attributes);
  expect(all.length).toBeGreaterThan(10);
  for (const { name, computed, optional, required, description, type, nested_type } of all) {
    expect([name, computed, optional, required]).toEqual([name, true, undefined, undefined]);
    expect(description).toMatch(/\.$/);
    expect([name, (type === undefined) !== (nested_type === undefined)]).toEqual([name, true]);
  }
});

test('an entry is shown with every property that a gateway tells', () => {
  const inputs = {
    name: 'web',
    externalPort: '80,8000-8001',
    internalPort: '8080,9000-9001',
    internalAddress: '192.168.1.10',
    protocol: 'tcp+udp',
    sources: ['192.0.2.0/24'],
    wan: 'wan2',
    hairpin: true,
    log: true,
    enabled: false,
    description: 'Photos',
  } as const satisfies RuleInputs;
  const { name: _name, externalPort, internalPort, internalAddress, ...same } = inputs;
  const shown = fromForward(normalise(inputs).forward);
  expect(shown).toEqual({
    external_port: externalPort,
    internal_port: internalPort,
    internal_address: internalAddress,
    ...same,
  });
  const untold = properties.filter(({ compared }) => compared === 'never').length;
  expect(Object.keys(shown)).toHaveLength(properties.length - untold);
  const entry = { ours: true, id: 'o/web', name: 'web', natural_key: 'tcp:80', handle: 'h', label: 'l' };
  const sent = { rules: [{ ...entry, restriction: null, blocked: null, ...shown }] };
  expect(through(rules, sent)).toEqual(sent);
});

test('an entry without a restriction of any kind shows null, and the ports that it really goes to', () => {
  const shown = fromForward(
    normalise({ name: 'x', externalPort: 22, internalAddress: '2001:db8::1' }).forward,
  );
  expect(shown).toMatchObject({
    sources: null,
    wan: null,
    hairpin: null,
    external_port: '22',
    internal_port: '22',
  });
});

test('a gateway is shown with all that it can do', () => {
  for (const lease of [null, { min: 60, max: 3600 }]) {
    const capabilities = fromCapabilities({ ...agentCapabilities, lease });
    const sent = {
      kind: agentKind.kind,
      product: 'portforward-agent 0.1.0',
      device: null,
      wans: [{ name: 'wan', addresses: ['203.0.113.1'] }],
      lans: null,
      public_addresses: ['203.0.113.1'],
      problems: [{ code: 'c', fatal: true, message: 'm', hint: 'h' }],
      capabilities,
    };
    expect(through(gateway, sent)).toEqual(sent);
    expect(capabilities).toMatchObject({ gateway_target: true, families: [4, 6], lease });
  }
});

test('the messages are what the protocol carries', () => {
  const call = providerService.getProviderSchema as MethodDefinition;
  const nothing = makeBlock('Nothing.', []);
  const sent = { provider: nothing, data_source_schemas: dataBlocks };
  const back = call.responseDeserialize(call.responseSerialize(sent)) as GetProviderSchemaResponse;
  const attributes = back.data_source_schemas?.portforward_gateway?.block.attributes;
  const capabilities = attributes?.find(({ name }) => name === 'capabilities');
  expect(capabilities).toMatchObject({ computed: true, description_kind: 'MARKDOWN', optional: false });
  expect(capabilities?.nested_type?.nesting).toBe('SINGLE');
  const told = capabilities?.nested_type?.attributes.find(({ name }) => name === 'properties');
  expect(Buffer.from(told?.type ?? []).toString()).toBe('["set","string"]');
  expect(everyAttribute(attributes).length).toBe(everyAttribute(gateway.block.attributes).length);
});
