import { PortforwardError } from '../../rule/error';
import type { ApplyOptions, Backend, Change, ChangeResult, Counters, GatewayInfo, Table } from '../backend';
import { AgentClient } from './client';
import { AgentRefusal, changeOf, entryOf, foreignRefusal, infoOf } from './codec';
import type { AgentConfig } from './config';

export function connectAgent(config: AgentConfig): Backend {
  return new AgentBackend(new AgentClient(config));
}

class AgentBackend implements Backend {
  constructor(private readonly client: AgentClient) {}

  async open(signal: AbortSignal): Promise<GatewayInfo> {
    return infoOf(await this.client.status(signal));
  }

  async list(_recorded: readonly string[], signal: AbortSignal): Promise<Table> {
    const { generation, entries } = await this.client.entries(signal);
    return { generation, entries: entries.map(entryOf) };
  }

  async apply(
    changes: readonly Change[],
    { generation, signal }: ApplyOptions,
  ): Promise<readonly ChangeResult[]> {
    if (generation === null)
      throw new PortforwardError('internal', 'A batch for the agent needs the generation of its look.');
    if (changes.length === 0) return [];
    for (const [index, change] of changes.entries()) {
      const refusal = foreignRefusal(change);
      if (refusal) return refusedAt(index, changes, refusal);
    }
    try {
      const { handles } = await this.client.batch(generation, changes.map(changeOf), signal);
      return changes.map((_, index) => ({ status: 'done', handle: handles[index] ?? null }));
    } catch (error) {
      if (!(error instanceof AgentRefusal) || error.index === null) throw error;
      const { summary, hint } = error;
      return refusedAt(error.index, changes, { message: summary, ...(hint === undefined ? {} : { hint }) });
    }
  }

  async publicAddress(signal: AbortSignal): Promise<readonly string[]> {
    const { wans } = await this.client.status(signal);
    return wans.flatMap(({ addresses }) => addresses);
  }

  async counters(signal: AbortSignal): Promise<ReadonlyMap<string, Counters>> {
    const { byTag } = await this.client.counters(signal);
    return new Map(Object.entries(byTag));
  }

  close(): Promise<void> {
    return this.client.close();
  }
}

/** All or nothing: the one at fault carries the words, the others were not done. */
function refusedAt(
  fault: number,
  changes: readonly Change[],
  words: { readonly message: string; readonly hint?: string },
): readonly ChangeResult[] {
  return changes.map((_, index) =>
    index === fault ? { status: 'refused', ...words } : { status: 'skipped' },
  );
}
