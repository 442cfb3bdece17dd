import { hasCode, PortforwardError } from '../../provider/rule/error';
import { type HclEngine, hclEngines, presentHcl } from './find-hcl';
import { FETCH, findPulumi, presentPulumi } from './find-pulumi';

export const engineNames = ['pulumi', ...hclEngines] as const;
export type EngineName = (typeof engineNames)[number];

/** An engine that can be started, and why it was taken. */
export interface FoundEngine {
  readonly name: EngineName;
  /** Pulumi: the directory of its CLI; the others: the command. */
  readonly place: string;
  /** One sentence for people. */
  readonly why: string;
}

const titles: Readonly<Record<EngineName, string>> = {
  pulumi: 'Pulumi',
  terraform: 'Terraform',
  tofu: 'OpenTofu',
};

const ways: Readonly<Record<EngineName, readonly string[]>> = {
  pulumi: ['https://www.pulumi.com/docs/install/', `\`${FETCH}\``],
  terraform: ['https://developer.hashicorp.com/terraform/install'],
  tofu: ['https://opentofu.org/docs/intro/install/', '`npm run engine:tofu`, which builds it where Go is'],
};

/**
 * The engine that was asked for, or else Pulumi where it can be had, which may mean fetching it, or else Terraform or
 * OpenTofu where they are. Throws `unsupported` with every way to get one.
 */
export async function findEngine(
  wish: EngineName | null,
  install: boolean,
  say: (text: string) => void,
  env: NodeJS.ProcessEnv = process.env,
): Promise<FoundEngine> {
  if (wish === 'pulumi') return { name: wish, place: await findPulumi(install, say, env), why: asked(wish) };
  if (wish !== null) return { name: wish, place: findHcl(wish, env), why: asked(wish) };
  const present = presentPulumi(env);
  if (present)
    return { name: 'pulumi', place: present, why: 'Pulumi, the first choice, is on this machine.' };
  try {
    const place = await findPulumi(install, say, env);
    return { name: 'pulumi', place, why: 'Pulumi, the first choice, was fetched.' };
  } catch (error) {
    if (!hasCode(error, 'unsupported')) throw error;
    for (const name of hclEngines) {
      const place = presentHcl(name, env);
      if (place) return { name, place, why: `${titles[name]}, since ${clause(error.summary)}.` };
    }
    throw noEngine(error.summary);
  }
}

function asked(name: EngineName): string {
  return `${titles[name]}, as --engine asks.`;
}

function findHcl(name: HclEngine, env: NodeJS.ProcessEnv): string {
  const place = presentHcl(name, env);
  if (place) return place;
  throw new PortforwardError('unsupported', `There is no \`${name}\` on PATH.`, {
    hint: `Install ${way(name)}, then run this again.`,
  });
}

function noEngine(summary: string): PortforwardError {
  return new PortforwardError('unsupported', `${summary} There is no \`terraform\` and no \`tofu\` either.`, {
    hint: `Install one of them, then \`npm start\` again: ${engineNames.map(way).join('; or ')}.`,
  });
}

/** How to get it, in one phrase. */
function way(name: EngineName): string {
  return `${titles[name]} (${ways[name].join(', or ')})`;
}

/** A sentence as a part of one. */
function clause(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '');
}
