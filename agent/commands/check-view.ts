import type { StatusReply } from '../api/wire';
import type { Facts } from '../kernel/kernel';
import type { KernelOptions } from './options';

/** Whose word on WANs and LANs `check` goes by: the running agent's where it has one and --wan says nothing else. */
export interface View {
  readonly from: 'running agent' | '--wan' | 'default routes';
  /** The running agent's status, or why there is none. */
  readonly agent: StatusReply | string;
}

export function viewOf(agent: StatusReply | string, { wan, kernel }: KernelOptions): View {
  if (wan.length > 0) return { from: '--wan', agent };
  // An agent for practice knows nothing of this machine.
  const knows = typeof agent !== 'string' && agent.kernel === kernel;
  return { from: knows ? 'running agent' : 'default routes', agent };
}

/** The options with what the running agent was started with, so that firewalls and listeners are judged by the same WANs. */
export function optionsOf<Options extends KernelOptions>(
  options: Options,
  { from, agent }: View,
  managementGiven: boolean,
): Options {
  if (from !== 'running agent' || typeof agent === 'string') return options;
  const managementPorts = managementGiven
    ? options.managementPorts
    : agent.management.map(({ port }) => port);
  return { ...options, managementPorts, wan: agent.wans.map(({ name }) => name) };
}

/** The facts as the running agent sees them, or with a word on where it differs from the --wan given. */
export function seenBy({ from, agent }: View, facts: Facts, { wan, kernel, socket }: Given): Facts {
  if (typeof agent === 'string' || agent.kernel !== kernel) return facts;
  if (from === 'running agent') return { ...facts, wans: agent.wans, lans: agent.lans };
  const names = agent.wans.map(({ name }) => name);
  const text = (list: readonly string[]) => list.join(', ') || 'none';
  if (text([...new Set(wan)].sort()) === text([...names].sort())) return facts;
  const differs = {
    code: 'wan-differs',
    fatal: false,
    message: `The agent running at ${socket} has other WANs (${text(names)}) than the --wan given here (${text(wan)}).`,
    hint: 'Leave out --wan to see it with those, or start the agent with the --wan given here.',
  };
  return { ...facts, problems: [...facts.problems, differs] };
}

type Given = KernelOptions & { readonly socket: string };
