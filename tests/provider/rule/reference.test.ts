import { properties } from '../../../provider/rule/properties';
import { ruleReference } from '../../../provider/rule/reference';

test('the reference has a row and a section for every property, with its default and its examples', () => {
  const text = ruleReference();
  for (const { name, description, examples, default: value } of properties) {
    expect(text).toContain(`| [\`${name}\`](#${name.toLowerCase()}) |`);
    expect(text).toContain(`\n## ${name}\n\n${description}\n`);
    for (const example of examples) expect(text).toContain(`\`${JSON.stringify(example)}\``);
    if (value !== undefined) expect(text).toContain(`\`${JSON.stringify(value)}\``);
  }
  expect(text).not.toMatch(/undefined|\[object|\n\n\n/);
  expect(text.endsWith('\n')).toBe(true);
});
