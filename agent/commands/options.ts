import { accessSync, constants, mkdirSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { hasCode, PortforwardError } from '../../provider/rule/error';
import { parsePorts } from '../../provider/rule/ports';
import { DEFAULT_MAX_RULES } from '../api/limits';
import { socketPath } from '../api/socket-path';
import { DEFAULT_SOCKET } from '../api/version';
import { nftKernel } from '../kernel/index';
import type { Kernel } from '../kernel/kernel';
import { memoryKernel } from '../kernel/memory';
import { errnoOf } from '../store/files';

/** What every command that touches the kernel takes. */
export interface KernelOptions {
  readonly kernel: 'nftables' | 'memory';
  readonly wan: readonly string[];
  readonly managementPorts: readonly number[];
  readonly markBit: number;
  readonly runtimeDir: string;
}

export const socketOption = () =>
  new Option('--socket <path>', 'Unix socket of the agent, an absolute path')
    .default(DEFAULT_SOCKET)
    .env('PORTFORWARD_SOCKET')
    .argParser(socket);

export const stateDirOption = () =>
  new Option('--state-dir <path>', 'directory of the state, mode 0700').default('/var/lib/portforward');

export const tokenFileOption = (what: string) => new Option('--token-file <path>', what);

export const maxRulesOption = () =>
  new Option('--max-rules <number>', 'entries kept at most')
    .default(DEFAULT_MAX_RULES)
    .argParser((text) => count(text, 1, 50_000));

/** `wanDefault`: where WAN interfaces come from when none is given, for the help. */
export const kernelOptions = (wanDefault = 'those of the default routes') => [
  new Option('--kernel <which>', 'memory moves no packets: for practice only')
    .choices(['nftables', 'memory'])
    .default('nftables'),
  new Option('--wan <interface>', 'WAN interface; repeat for several')
    .argParser(interfaces)
    .default([], wanDefault),
  new Option('--management-ports <ports>', 'TCP ports by which this machine is managed, such as 22,8443')
    .argParser(portList)
    .default([22], '22'),
  new Option('--mark-bit <bit>', 'the one bit of the packet mark that admitted packets carry')
    .argParser(markBit)
    .default(0x10000000, '0x10000000'),
  new Option('--runtime-dir <path>', 'directory for nft batches, mode 0700').default('/run/portforward'),
];

/** The kernel that the options ask for. */
export function openKernel({ kernel, wan, markBit, runtimeDir }: KernelOptions, onWait?: () => void): Kernel {
  if (kernel === 'memory') return memoryKernel();
  return nftKernel({ wan, markBit, runtimeDir, ...(onWait ? { onWait } : {}) });
}

/**
 * Makes the directory for batches where it is missing, and clears it of what killed agents left; for commands that write.
 * Throws `refused` when it cannot.
 */
export function prepareRuntimeDirectory({ kernel, runtimeDir }: KernelOptions): void {
  if (kernel === 'memory') return;
  try {
    mkdirSync(runtimeDir, { recursive: true, mode: 0o750 });
    accessSync(runtimeDir, constants.W_OK);
    for (const name of readdirSync(runtimeDir)) if (isLeftOver(name)) unlinkSync(join(runtimeDir, name));
  } catch (error) {
    throw new PortforwardError(
      'refused',
      `The runtime directory ${runtimeDir} cannot be written (${errnoOf(error)}).`,
      { hint: 'Run the agent as root or by its systemd unit, or name another one with --runtime-dir.' },
    );
  }
}

/** A batch of a process that is gone, or of an earlier one with our number. */
function isLeftOver(name: string): boolean {
  const pid = Number(/^(?:batch|cut)-([0-9]{1,9})-/.exec(name)?.[1]);
  if (Number.isNaN(pid) || pid === process.pid) return pid === process.pid;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return errnoOf(error) === 'ESRCH';
  }
}

/** By the rule that gateways of kind `agent` have for theirs. An empty variable counts as one that is not set. */
function socket(text: string): string {
  if (text === '') return DEFAULT_SOCKET;
  try {
    return socketPath(text);
  } catch (error) {
    if (hasCode(error, 'invalid')) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

function interfaces(text: string, before: readonly string[]): string[] {
  const names = text.split(',');
  // IFNAMSIZ less its end; the signs that nft takes unquoted.
  for (const name of names)
    if (!/^[A-Za-z0-9_.-]{1,15}$/.test(name))
      throw new InvalidArgumentError(`"${name}" is not the name of an interface.`);
  return [...before, ...names];
}

function portList(text: string): number[] {
  if (text === 'none') return [];
  const parsed = parsePorts(text);
  if ('reason' in parsed) throw new InvalidArgumentError(`${parsed.reason} "none" protects no port.`);
  const ports = parsed.spans.flatMap(({ from, to }) =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index),
  );
  if (ports.length > 100) throw new InvalidArgumentError('At most 100 ports.');
  return ports;
}

function markBit(text: string): number {
  const value = /^(0x[0-9a-f]{1,8}|[0-9]{1,10})$/i.test(text) ? Number(text) : 0;
  const bits = [...value.toString(2)].filter((digit) => digit === '1').length;
  if (bits !== 1 || value > 0x80000000)
    throw new InvalidArgumentError('One bit of 32, such as 0x10000000, that no other program uses.');
  return value;
}

function count(text: string, min: number, max: number): number {
  const value = /^[0-9]{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new InvalidArgumentError(`A number from ${min} to ${max}.`);
}
