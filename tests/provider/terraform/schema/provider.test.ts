import { gatewayArguments } from '../../../../provider/backends/gateway-arguments';
import type { ArgumentFact, BackendKind } from '../../../../provider/backends/kind';
import { kinds } from '../../../../provider/backends/registry';
import { UNKNOWN } from '../../../../provider/rule/rule';
import { decode } from '../../../../provider/terraform/codec/decode';
import { encode } from '../../../../provider/terraform/codec/encode';
import type { Values } from '../../../../provider/terraform/codec/type';
import type { Block } from '../../../../provider/terraform/schema/block';
import { camel, snake } from '../../../../provider/terraform/schema/names';
import { providerBlock, toArguments } from '../../../../provider/terraform/schema/provider';
import { arrived } from '../codec/support';

const byName = ({ block }: Block) => new Map((block.attributes ?? []).map((one) => [one.name, one]));
const typeOf = (block: Block, name: string) =>
  JSON.parse(Buffer.from(byName(block).get(name)?.type ?? []).toString()) as unknown;

/** A kind that does not exist; nothing is ever connected. */
function kind(name: string, facts: Record<string, ArgumentFact>): BackendKind {
  const never = (): never => {
    throw new Error('not here');
  };
  return { kind: name, title: `A ${name}`, arguments: facts, parse: never, endpoint: never, connect: never };
}

const router = kind('router', {
  url: { type: 'text', description: 'Where it is.', required: true },
  port: { type: 'number', description: 'Its port.', default: 443 },
  pins: { type: 'list', description: 'Pins.' },
  insecure: { type: 'boolean', description: 'No TLS.', default: false },
  apiToken: { type: 'text', description: 'Its token.', secret: true },
});

describe('the provider block', () => {
  const own = providerBlock(kinds);

  test.each(
    kinds.flatMap(({ kind: name, arguments: facts }) =>
      Object.entries(facts).map(([argument, fact]) => [name, argument, fact] as const),
    ),
  )('has for %s its argument %s, and a secret is sensitive', (_kind, argument, fact) => {
    const attribute = byName(own).get(snake(argument));
    expect(camel(snake(argument))).toBe(argument);
    expect(attribute).toMatchObject({ optional: true, description_kind: 'MARKDOWN' });
    expect(attribute?.sensitive ?? false).toBe(fact.secret ?? false);
    const variable = byName(own).get(`${snake(argument)}_env`);
    expect(variable !== undefined).toBe(fact.secret ?? false);
    expect(variable?.sensitive).toBeUndefined();
  });

  test('has what every kind takes, and requires nothing: the environment may say it', () => {
    for (const name of ['kind', ...Object.keys(gatewayArguments)].map(snake))
      expect(byName(own).has(name)).toBe(true);
    for (const { name, required, computed } of byName(own).values())
      expect([name, required, computed]).toEqual([name, undefined, undefined]);
    expect(byName(own).get('owner')?.description).toContain('PORTFORWARD_OWNER');
    expect(byName(own).get('kind')?.description).toMatch(/PORTFORWARD_KIND/);
    expect(byName(own).get('token')?.description).toMatch(/`token_env` names, else `PORTFORWARD_TOKEN`/);
    expect(byName(own).get('unreachable')?.description).toContain('`"fail"` or `"keep"`');
  });

  test('has no name that engines keep for themselves, and none twice', () => {
    const names = [...byName(own).keys()];
    for (const reserved of ['alias', 'version', 'count', 'for_each', 'depends_on', 'lifecycle', 'source'])
      expect(names).not.toContain(reserved);
    expect(names).toHaveLength(own.block.attributes?.length ?? 0);
  });

  test('has one attribute for what several kinds call the same, and says for which it is what', () => {
    const other = kind('other', {
      url: { type: 'text', description: 'Where it is.', required: true },
      port: { type: 'number', description: 'Its other port.', default: 80 },
    });
    const both = providerBlock([router, other]);
    expect(byName(both).get('url')?.description).toBe('For `router`, `other`: Where it is. Required.');
    expect(byName(both).get('port')?.description).toBe(
      'For `router`: Its port. Default: `443`. For `other`: Its other port. Default: `80`.',
    );
    expect(byName(both).get('api_token')?.sensitive).toBe(true);
    expect(byName(both).get('api_token_env')?.description).toBe(
      'For `router`: The environment variable that holds `api_token`, read where the gateway is spoken to. Default: `"PORTFORWARD_API_TOKEN"`.',
    );
    expect(['url', 'port', 'pins', 'insecure'].map((name) => typeOf(both, name))).toEqual([
      'string',
      'number',
      ['list', 'string'],
      'bool',
    ]);
    expect(byName(both).get('kind')?.description).toContain('`router` (A router), `other` (A other)');
  });

  test('cannot be made of kinds that mean other types by one name', () => {
    const [a, b] = (['number', 'text'] as const).map((type, index) =>
      kind(`k${index}`, { port: { type, description: 'Its port.' } }),
    ) as [BackendKind, BackendKind];
    expect(() => providerBlock([a, b])).toThrow(/disagree on the type of their argument "port"/);
  });

  test("gives back the arguments under the kinds' own names; null is unset, unknown stays", () => {
    const block = providerBlock([router]);
    const values = {
      kind: 'router',
      owner: UNKNOWN,
      url: 'https://192.0.2.1',
      port: 8443,
      pins: ['a', UNKNOWN],
      insecure: false,
      api_token: 'canary',
      timeout: 0.5,
    };
    const back = decode(block, arrived(encode(block, values).msgpack)) as Values;
    const { api_token, ...others } = values;
    expect(toArguments(back)).toEqual({ ...others, apiToken: api_token });
  });
});
