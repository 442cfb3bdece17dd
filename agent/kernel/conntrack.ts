import { mkdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAddress, printAddress } from '../../provider/rule/address';
import { PortforwardError } from '../../provider/rule/error';
import type { Cut, Flow, Query } from './flows';
import { run } from './run';

/** Each deletion walks the kernel's whole table, some 10 ms; so many fit well into a minute. */
const CHUNK = 500;

/** The conntrack of this machine, by its command. */
export class Conntrack {
  private count = 0;

  /** `directory`: where lists of what to delete lie while conntrack reads them. */
  constructor(private readonly directory: string) {}

  /**
   * Ends the connections that the plan names; one that ended by itself meanwhile is fine.
   * Throws `refused` with conntrack's words.
   */
  async cut({ queries, ...cut }: Cut): Promise<void> {
    const listed = await Promise.all(queries.map((query) => this.list(query)));
    const commands = listed.flatMap((flows) => deletions(flows, cut));
    for (let at = 0; at < commands.length; at += CHUNK) await this.delete(commands.slice(at, at + CHUNK));
  }

  private async list(query: Query): Promise<Flow[]> {
    const output = await run('conntrack', listArguments(query));
    if (output.code !== 0 && !NOTHING.test(output.stderr)) throw failure(output.stderr);
    return parseFlows(output.stdout, query.family);
  }

  private async delete(commands: readonly (readonly string[])[]): Promise<void> {
    if (commands.length > 1) {
      const file = join(this.directory, `cut-${process.pid}-${++this.count}`);
      await mkdir(this.directory, { recursive: true, mode: 0o700 });
      await writeFile(file, commands.map((words) => `${words.join(' ')}\n`).join(''), {
        mode: 0o600,
        flag: 'wx',
      });
      try {
        if ((await run('conntrack', ['-R', file])).code === 0) return;
      } finally {
        await unlink(file).catch(() => undefined);
      }
    }
    // One by one: before 1.4.7 it reads no files.
    for (const command of commands) {
      const output = await run('conntrack', command);
      if (output.code !== 0 && !NOTHING.test(output.stderr)) throw failure(output.stderr);
    }
  }
}

/** Exit status 1 with these words is success: there was none. */
const NOTHING = /\b0 flow entries\b/;

export function listArguments({ family, protocol, destination }: Query): string[] {
  return ['-L', '-f', `ipv${family}`, '-p', protocol, '--orig-dst', destination];
}

/**
 * The commands that end the chosen ones of the listed flows and no other. Every one names protocol, public address,
 * public port and who answers; where that could hit a flow to be spared, the caller's address too, and where that
 * would still, the caller's port. Pure.
 */
export function deletions(listed: readonly Flow[], { ends, over }: Omit<Cut, 'queries'>): string[][] {
  const ended = listed.filter(ends);
  const chosen = new Set(ended);
  const spared = listed.filter((flow) => !chosen.has(flow));
  const widths = [forwardArguments, callerArguments, flowArguments].map((words) => ({
    words,
    kept: new Set(spared.map((flow) => words(flow).join(' '))),
  }));
  const commands = new Map<string, string[]>();
  for (const flow of ended) {
    const width = widths
      .slice(over(flow) ? 0 : 1)
      .find(({ words, kept }) => !kept.has(words(flow).join(' ')));
    const words = ['-D', ...(width?.words ?? flowArguments)(flow)];
    commands.set(words.join(' '), words);
  }
  return [...commands.values()];
}

function forwardArguments(flow: Flow): string[] {
  return [
    ...['-f', `ipv${flow.family}`, '-p', flow.protocol],
    ...['--orig-dst', flow.destination, '--orig-port-dst', String(flow.destinationPort)],
    ...['--reply-src', flow.answerer, '--reply-port-src', String(flow.answererPort)],
  ];
}

function callerArguments(flow: Flow): string[] {
  return [...forwardArguments(flow), '--orig-src', flow.source];
}

function flowArguments(flow: Flow): string[] {
  return [...callerArguments(flow), '--orig-port-src', String(flow.sourcePort)];
}

/**
 * Reads `conntrack -L`: the original direction comes first, then the reply. Lines it does not know are passed over,
 * and so are TCP connections that have ended: they carry nothing, and a new one in their place is looked at afresh.
 */
export function parseFlows(text: string, family: 4 | 6): Flow[] {
  return text.split('\n').flatMap((line) => {
    const protocol = /^(?:ipv[46]\s+\d+\s+)?(tcp|udp)\s/.exec(line)?.[1] as Flow['protocol'] | undefined;
    if (!protocol || /\s(?:TIME_WAIT|CLOSE)\s/.test(line)) return [];
    const all = (name: string) =>
      [...line.matchAll(new RegExp(`(?:^|\\s)${name}=(\\S+)`, 'g'))].map((match) => match[1] as string);
    const [source, answerer] = all('src').map(address);
    const destination = all('dst').map(address)[0];
    const [sourcePort, answererPort] = all('sport').map(Number);
    const destinationPort = all('dport').map(Number)[0];
    if (!source || !answerer || !destination || !sourcePort || !answererPort || !destinationPort) return [];
    const mark = Number(all('mark')[0] ?? 0);
    return [
      { family, protocol, source, destination, sourcePort, destinationPort, answerer, answererPort, mark },
    ];
  });
}

function address(text: string): string | null {
  const parsed = parseAddress(text);
  return parsed ? printAddress(parsed) : null;
}

function failure(words: string): PortforwardError {
  const denied = /Operation not permitted/.test(words);
  return new PortforwardError(
    denied ? 'denied' : 'refused',
    `conntrack refused: ${words || 'it said nothing'}.`,
    { hint: 'The rules are in place; old connections may still use the rules from before.' },
  );
}
