import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kinds } from '../../../../provider/backends/registry';
import { checkRule } from '../../../../provider/rule/check';
import type { Block } from '../../../../provider/terraform/schema/block';
import { dataBlocks, resourceBlocks } from '../../../../provider/terraform/schema/blocks';
import { providerBlock } from '../../../../provider/terraform/schema/provider';
import { terraformReference } from '../../../../provider/terraform/schema/reference';
import { toInputs } from '../../../../provider/terraform/schema/rule-values';
import { SOURCE } from '../../../../provider/terraform/source';
import type { SchemaAttribute } from '../../../../provider/terraform/wire/messages';

const directory = join(__dirname, '..', '..', '..', '..', 'scripts', 'terraform-docs');
const files = readdirSync(directory);
const example = (file: string) => readFileSync(join(directory, file), 'utf8');
const pages = terraformReference(example);

const gateway = providerBlock(kinds);
const blocks: Readonly<Record<string, Block>> = { ...resourceBlocks, ...dataBlocks };

function everyAttribute(attributes: readonly SchemaAttribute[] = []): SchemaAttribute[] {
  return attributes.flatMap((one) => [one, ...everyAttribute(one.nested_type?.attributes)]);
}

test.each([
  ['index.md', gateway],
  ['resources/rule.md', resourceBlocks.portforward_rule],
  ['data-sources/rules.md', dataBlocks.portforward_rules],
  ['data-sources/gateway.md', dataBlocks.portforward_gateway],
])('%s has a line for every attribute, with its description', (page, { block }) => {
  const text = pages[page] ?? '';
  for (const { name, description, sensitive } of everyAttribute(block.attributes)) {
    const line = text
      .split('\n')
      .find((one) => one.startsWith(`- \`${name}\` (`) && one.includes(description ?? '?'));
    expect([name, line]).toEqual([name, expect.any(String)]);
    expect([name, line?.includes('Sensitive)')]).toEqual([name, sensitive ?? false]);
  }
  expect(text).toMatch(/^---\npage_title: ".+"\ndescription: \|-\n {2}\S.*\n---\n\n# portforward/);
  expect(text).not.toMatch(/undefined|\[object|\n\n\n/);
  for (const [, anchor] of text.matchAll(/\(#([^)]+)\)/g)) expect(text).toContain(`<a id="${anchor}"></a>`);
});

test('the first example names the source by which engines find the provider', () => {
  expect(example('provider.tf')).toContain(`source = "${SOURCE}"`);
});

test('every example is on a page', () => {
  const all = Object.values(pages).join('\n');
  for (const file of files) expect(all).toContain(example(file).trimEnd());
});

/** The blocks at the beginning of a line, with the attributes at their first level as text. */
function written(text: string): { type: string; label: string; values: Map<string, string> }[] {
  return [...text.matchAll(/^(provider|resource|data) "(\w+)"[^{]*\{(\}|\n[\s\S]*?^\})/gm)].map(
    ([, type = '', label = '', body = '']) => ({
      type,
      label,
      values: new Map(
        [...body.matchAll(/^ {2}(\w+) += (.+)$/gm)].map(([, name = '', value = '']) => [name, value]),
      ),
    }),
  );
}

test('examples set what there is, and say rules that are right', () => {
  const META = ['provider', 'for_each', 'alias', 'depends_on', 'count'];
  let rules = 0;
  for (const file of files.filter((one) => one.endsWith('.tf')))
    for (const { type, label, values } of written(example(file))) {
      const block = type === 'provider' ? gateway : blocks[label];
      const attributes = new Map((block?.block.attributes ?? []).map((one) => [one.name, one]));
      for (const name of values.keys())
        if (!META.includes(name))
          expect([file, name, attributes.get(name)]).toEqual([file, name, expect.anything()]);
      for (const { name, required } of attributes.values())
        if (required) expect([file, label, name, values.has(name)]).toEqual([file, label, name, true]);
      if (type !== 'resource' || values.has('for_each')) continue;
      const literals = [...values]
        .filter(([name]) => !META.includes(name))
        .map(([name, value]) => [name, JSON.parse(value)]);
      expect(checkRule(toInputs(Object.fromEntries(literals)))).toEqual([]);
      rules++;
    }
  expect(rules).toBeGreaterThan(4);
});
