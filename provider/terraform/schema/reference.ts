import { kinds } from '../../backends/registry';
import type { Block } from './block';
import { dataBlocks, resourceBlocks } from './blocks';
import { providerBlock } from './provider';
import { schemaMarkdown } from './schema-markdown';

/** The HCL and shell examples, by file name; they are kept as files so that they can be tried. */
export type Examples = (file: string) => string;

/** The pages on the provider in the layout of the public registries, by their path under `docs/`. */
export function terraformReference(examples: Examples): Readonly<Record<string, string>> {
  const code = (file: string) => fenced(file, examples(file));
  const gateway = providerBlock(kinds);
  const rule = resourceBlocks.portforward_rule;
  const { portforward_rules: rules, portforward_gateway: told } = dataBlocks;
  return {
    'index.md': page('Provider: portforward', 'portforward Provider', gateway, [
      PROVIDER,
      example(code('provider.tf')),
      `## Several gateways\n\n${ALIASES}\n\n${code('aliases.tf')}`,
      `## Credentials\n\n${CREDENTIALS}`,
      schemaMarkdown(gateway),
    ]),
    'resources/rule.md': page('portforward_rule', 'portforward_rule (Resource)', rule, [
      example(code('rule.tf')),
      `## Several rules at once\n\n${code('for-each.tf')}`,
      schemaMarkdown(rule),
      `## Import\n\n${IMPORT}\n\n${code('import.sh')}\n\n${IMPORT_BLOCK}\n\n${code('import.tf')}`,
      `## Taking over what is there\n\n${ADOPT}\n\n${code('adopt.tf')}`,
      `## Another gateway\n\n${MOVING}`,
    ]),
    'data-sources/rules.md': page('portforward_rules', 'portforward_rules (Data Source)', rules, [
      example(code('rules.tf')),
      schemaMarkdown(rules),
    ]),
    'data-sources/gateway.md': page('portforward_gateway', 'portforward_gateway (Data Source)', told, [
      example(code('gateway.tf')),
      schemaMarkdown(told),
    ]),
  };
}

const PROVIDER = `The same configuration works with Terraform and OpenTofu. A plan looks at the gateway: conflicts with other rules and with entries that are not ours, and what somebody changed on the gateway, are shown before anything is changed. Rules that are handled at the same time share one look at the gateway and one batch of changes, so use \`-parallelism=64\`.`;

const ALIASES = 'Each gateway is a provider configuration of its own; rules choose theirs with `provider`.';

const CREDENTIALS = `No secret is ever an attribute of a rule, so none is in the state. In the provider block secrets may be ephemeral values; left out, they are read from the environment, where the provider runs.`;

const IMPORT = `A rule is imported by its id, \`<owner>/<name>\`, by its name alone where the provider's \`owner\` has it, or by the natural key of an entry on the gateway that is ours.`;

const IMPORT_BLOCK =
  'With a block the engine can write the configuration too (`plan -generate-config-out=rules.tf`); it then plans no change.';

const ADOPT = `An entry that is not ours cannot be imported, and is never touched. A new rule takes it over where \`adopt\` names it, by its natural key or its handle; the data source [\`portforward_rules\`](../data-sources/rules.md) shows both.`;

const MOVING = `A rule stays on the gateway that it was put on: an engine would send its removal to the new one, and the old one would keep forwarding. So a plan that meets another \`endpoint\` is refused, unless the device tells that it is the same. Where it is the same and cannot tell, set \`endpoint\` in the provider block to the old one; where it is another, destroy the rule through the old provider configuration first, then create it through the new one.`;

function page(title: string, heading: string, { block }: Block, sections: readonly string[]): string {
  const { description = '' } = block;
  const front = `---\npage_title: "${title}"\ndescription: |-\n  ${description}\n---`;
  return `${[front, `# ${heading}`, description, ...sections].join('\n\n')}\n`;
}

function example(code: string): string {
  return `## Example Usage\n\n${code}`;
}

function fenced(file: string, text: string): string {
  return `\`\`\`${file.endsWith('.sh') ? 'shell' : 'terraform'}\n${text.trimEnd()}\n\`\`\``;
}
