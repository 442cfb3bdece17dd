import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, link, mkdir, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { PortforwardError } from '../../provider/rule/error';
import type { GenerationWire } from '../api/wire';
import { errnoOf, isMissing, syncDirectory, writeDurably } from './files';
import { type Lock, lockFile } from './lock';
import { decodeState, encodeState, newLineage, type State } from './state';

/** What the state directory told at start. */
export type Loaded =
  | { readonly kind: 'ok'; readonly state: State; readonly pending: State | null }
  | { readonly kind: 'damaged'; readonly reason: string };

/** Generations kept beside the current one. */
export const KEPT_GENERATIONS = 10;

/**
 * The state directory (0700): `state.json` is current, `pending.json` a batch that the kernel may or may not have,
 * `generations/<number>.json` the last ten before. One process at a time.
 */
export class Store {
  private constructor(
    readonly directory: string,
    /** Made once for this directory: the identity of the gateway. */
    readonly agentId: string,
    private readonly lock: Lock,
  ) {}

  /** Makes the directory if needed, locks it. Throws `refused` with the next step when it cannot be used. */
  static async open(directory: string): Promise<Store> {
    try {
      await mkdir(join(directory, 'generations'), { recursive: true, mode: 0o700 });
      await access(directory, constants.W_OK);
    } catch (error) {
      throw new PortforwardError(
        'refused',
        `The state directory ${directory} cannot be written (${errnoOf(error)}).`,
        { hint: 'Create it for the user of the agent, or name another one with --state-dir.', cause: error },
      );
    }
    const lock = lockFile(join(directory, 'lock'));
    try {
      return new Store(directory, await identity(join(directory, 'agent-id')), lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Reads what is there and changes nothing. No file at all = an empty state; an unreadable one = damaged. */
  async load(): Promise<Loaded> {
    const current = await this.read(this.path('state.json'));
    if (current !== null && 'reason' in current) return { kind: 'damaged', reason: current.reason };
    if (current === null && (await this.generations()).length > 0)
      return { kind: 'damaged', reason: 'it is gone, though older generations are there' };
    const pending = await this.read(this.path('pending.json'));
    return {
      kind: 'ok',
      state: current ?? { lineage: newLineage(), number: 0, at: new Date(0).toISOString(), entries: [] },
      // A torn pending file was never applied: it is written durably before the kernel is touched.
      pending: pending === null || 'reason' in pending ? null : pending,
    };
  }

  /** Before the kernel is touched: everything that needs room on the disk. Throws `refused` when it does not fit. */
  async writePending(next: State, current: State): Promise<void> {
    try {
      await writeDurably(this.path('pending.json'), encodeState(next));
      await link(this.path('state.json'), this.generationPath(current.number)).catch((error: unknown) => {
        if (!['ENOENT', 'EEXIST'].includes(errnoOf(error) ?? '')) throw error;
      });
    } catch (error) {
      await this.dropPending().catch(() => undefined);
      const full = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(errnoOf(error) ?? '');
      throw new PortforwardError(
        'refused',
        full
          ? `The disk of the agent's state directory ${this.directory} is full; nothing was changed.`
          : `The agent cannot write its state directory ${this.directory} (${errnoOf(error)}); nothing was changed.`,
        { hint: full ? 'Make room there and run again.' : 'Repair that, then run again.', cause: error },
      );
    }
  }

  /** After the kernel has it: one rename, which needs no room. */
  async commit(): Promise<void> {
    await rename(this.path('pending.json'), this.path('state.json'));
    await syncDirectory(this.directory);
    // What is old and superfluous may stay for another round; the batch itself is done.
    await this.prune().catch(() => undefined);
  }

  async dropPending(): Promise<void> {
    await unlink(this.path('pending.json')).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  }

  /** Kept generations that can be trusted, newest first. */
  async generations(): Promise<readonly GenerationWire[]> {
    const found: GenerationWire[] = [];
    for (const number of await this.numbers()) {
      const state = await this.read(this.generationPath(number));
      if (state !== null && !('reason' in state))
        found.push({ number, at: state.at, entries: state.entries.length });
    }
    return found;
  }

  /**
   * On the word of a person: makes a kept generation current under a new lineage, so that no client takes it for what it
   * knew. What was current is kept beside it as `state.json.replaced-<time>`.
   */
  async restoreGeneration(number: number, now: Date): Promise<State> {
    const old = await this.read(this.generationPath(number));
    if (old === null || 'reason' in old) {
      const known = (await this.generations()).map((generation) => generation.number).join(', ');
      throw new PortforwardError('refused', `There is no usable generation ${number} in ${this.directory}.`, {
        hint: known ? `Usable are: ${known}.` : 'No older generation is kept there.',
      });
    }
    // Beyond every number ever used here, so that no kept generation has the same one.
    const newest = Math.max(...(await this.numbers()));
    const state: State = { ...old, lineage: newLineage(), number: newest + 2, at: now.toISOString() };
    await writeDurably(this.path('pending.json'), encodeState(state));
    await this.keepReplaced(now);
    await this.commit();
    return state;
  }

  close(): void {
    this.lock.release();
  }

  /** Under a name of its own, also where the clock stands still or was set back: nothing kept is ever replaced. */
  private async keepReplaced(now: Date): Promise<void> {
    const name = `state.json.replaced-${now.toISOString().replace(/[:.]/g, '-')}`;
    for (let copy = 1; ; copy += 1)
      try {
        return await link(this.path('state.json'), this.path(copy === 1 ? name : `${name}-${copy}`));
      } catch (error) {
        if (isMissing(error)) return;
        if (errnoOf(error) !== 'EEXIST') throw error;
      }
  }

  private async prune(): Promise<void> {
    for (const number of (await this.numbers()).slice(KEPT_GENERATIONS))
      await unlink(this.generationPath(number));
  }

  private async numbers(): Promise<number[]> {
    const names = await readdir(this.path('generations'));
    return names
      .map((name) => /^([0-9]{1,12})\.json$/.exec(name)?.[1])
      .filter((text) => text !== undefined)
      .map(Number)
      .sort((a, b) => b - a);
  }

  private async read(path: string): Promise<State | { readonly reason: string } | null> {
    try {
      return decodeState(await readFile(path, 'utf8'));
    } catch (error) {
      return isMissing(error) ? null : { reason: `it cannot be read (${errnoOf(error)})` };
    }
  }

  private path(name: string): string {
    return join(this.directory, name);
  }

  private generationPath(number: number): string {
    return this.path(`generations/${number}.json`);
  }
}

async function identity(path: string): Promise<string> {
  const known = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (known !== null && /^[0-9a-f]{32}\n$/.test(known)) return known.trim();
  if (known !== null)
    throw new PortforwardError('refused', `The agent's identity in ${path} is damaged.`, {
      hint: 'Put the file back from a backup; removing it gives this gateway a new identity, which recorded rules refuse.',
    });
  const made = randomBytes(16).toString('hex');
  await writeDurably(path, `${made}\n`);
  return made;
}
