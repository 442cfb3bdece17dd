import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PortforwardError } from '../../provider/rule/error';
import type { Json } from './expression';
import { FAMILY, TABLE } from './names';
import { type Output, run } from './run';
import { batchText, type Command } from './transaction';

/** One object of a listing: `{ rule: {…} }`, `{ chain: {…} }` and so on. */
export type Listed = Readonly<Record<string, Json>>;

/** The nft of this machine, by its command. */
export class Nft {
  private count = 0;

  /**
   * `directory`: where batches lie while nft reads them; ours alone, on a file system in memory.
   * `onWait`: called while nft is busy with one of them and we are not.
   */
  constructor(
    private readonly directory: string,
    private readonly onWait?: () => void,
  ) {}

  /**
   * Checks the batch and then applies it: whole, or nothing of it. What can be done `meanwhile` is, and its failure is ours.
   * Throws `refused` with nft's words, `denied` without the right to.
   */
  async apply(commands: readonly Command[], meanwhile?: () => Promise<void>): Promise<void> {
    // A file, not a pipe: Node's pipes are sockets, which nft 1.0.6 cannot open.
    const file = join(this.directory, `batch-${process.pid}-${++this.count}.json`);
    // At once, for memory is quicker than the way through a thread and back.
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    writeFileSync(file, batchText(commands), { mode: 0o600, flag: 'wx' });
    try {
      const checking = run('nft', ['-c', '-j', '-f', file]);
      const doing = meanwhile?.();
      this.onWait?.();
      const [checked, done] = await Promise.allSettled([checking, doing]);
      if (checked.status === 'rejected') throw checked.reason;
      check(checked.value);
      if (done.status === 'rejected') throw done.reason;
      check(await run('nft', ['-j', '-f', file]));
    } finally {
      rmSync(file, { force: true });
    }
  }

  /**
   * Every other table that our packets may pass, one by one: an nft older than the one that wrote a table crashes on
   * that table, and then `complete` is false. Tables that vanish meanwhile are left out.
   */
  async listForeign(): Promise<{ readonly objects: readonly Listed[]; readonly complete: boolean }> {
    const all = await run('nft', ['-j', 'list', 'tables']);
    check(all);
    const tables = parse(all.stdout).flatMap(({ table }) => {
      const { family, name } = (table ?? {}) as { family?: string; name?: string };
      const ours = family === FAMILY && name === TABLE;
      return family && name && ['ip', 'ip6', 'inet'].includes(family) && !ours ? [{ family, name }] : [];
    });
    let complete = true;
    const listed = await Promise.all(
      tables.map(async ({ family, name }) => {
        const output = await run('nft', ['-j', 'list', 'table', family, name]);
        if (output.code === 0) return parse(output.stdout);
        if (!GONE.test(output.stderr)) complete = false;
        return [];
      }),
    );
    return { objects: listed.flat(), complete };
  }

  /** Our own table; empty where there is none. */
  async listTable(): Promise<readonly Listed[]> {
    // By number: for each name of a protocol it would read /etc/protocols anew.
    return this.list('-p', 'list', 'table', FAMILY, TABLE);
  }

  /** The counters of our table; empty where there is none. */
  async listCounters(): Promise<readonly Listed[]> {
    return this.list('list', 'counters', 'table', FAMILY, TABLE);
  }

  /** The ruleset as text with handles: says in words what JSON leaves out of rules made by iptables. */
  async listText(): Promise<string> {
    const output = await run('nft', ['-a', 'list', 'ruleset']);
    // Without iptables' own libraries it leaves conditions out in silence, which would turn a rule into another.
    return /\bXT (?:match|target) \S+ not found\b/.test(output.stderr) ? '' : output.stdout;
  }

  /** `1.0.6`. Throws where there is no nft. */
  async version(): Promise<string> {
    const output = await run('nft', ['--version']);
    return /v(\d+(?:\.\d+)+)/.exec(output.stdout)?.[1] ?? output.stdout.trim();
  }

  private async list(...words: string[]): Promise<readonly Listed[]> {
    const output = await run('nft', ['-j', ...words]);
    if (output.code !== 0 && GONE.test(output.stderr)) return [];
    check(output);
    return parse(output.stdout);
  }
}

const GONE = /No such file or directory/;
const denies = ({ stderr }: Output): boolean => /Operation not permitted|Permission denied/.test(stderr);

function check(output: Output): void {
  if (output.code === 0) return;
  if (denies(output)) {
    throw new PortforwardError('denied', 'The agent may not change the firewall.', {
      hint: 'Run it as root, or give it CAP_NET_ADMIN as its systemd unit does.',
    });
  }
  const words = output.stderr.replace(/internal:0:0-0: Error: /g, '').trim();
  throw new PortforwardError('refused', `nft refused: ${words || `status ${output.code}`}.`);
}

function parse(text: string): readonly Listed[] {
  try {
    const value = JSON.parse(text) as { nftables?: readonly Listed[] };
    if (Array.isArray(value.nftables)) return value.nftables;
  } catch {
    // falls through: said below in our words
  }
  throw new PortforwardError('refused', 'nft listed something that is no JSON.', { retryable: true });
}
