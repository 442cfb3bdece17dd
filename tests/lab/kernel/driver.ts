import { createInterface } from 'node:readline';
import { nftKernel } from '../../../agent/kernel/index';
import type { KernelEntry } from '../../../agent/kernel/kernel';
import { refuseOutsideLab } from '../../../lab/namespaces/guard';
import { PortforwardError } from '../../../provider/rule/error';
import type { DriverCall } from './gateway-kernel';

/** The real kernel of the lab's gateway, by one JSON object a line: `{ id, call, args }` gives `{ id, result }`. */
refuseOutsideLab();

const [wan = '', runtimeDir = '/run/portforward'] = process.argv.slice(2);
const kernel = nftKernel({ wan: wan === '' ? [] : wan.split(','), runtimeDir });
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

async function answer({ call, args }: DriverCall): Promise<unknown> {
  switch (call) {
    case 'facts':
      return kernel.facts();
    case 'read':
      return kernel.read();
    case 'restore':
      return kernel.restore(args[0] as KernelEntry[]);
    case 'apply': {
      const [before, after, rewrite, refusal] = args as [KernelEntry[], KernelEntry[], string[], string?];
      return kernel.apply(before, after, new Set(rewrite), async () => {
        if (refusal) throw new PortforwardError('refused', refusal);
      });
    }
    case 'counters': {
      const { epoch, byTag } = await kernel.counters();
      return { epoch, byTag: Object.fromEntries(byTag) };
    }
    case 'watch':
      await kernel.watch((event) => say({ event }));
      return null;
    case 'time': {
      const [before, after] = args as [KernelEntry[], KernelEntry[]];
      const start = performance.now();
      await kernel.apply(before, after, new Set());
      return performance.now() - start;
    }
    case 'timeRestore': {
      const start = performance.now();
      await kernel.restore(args[0] as KernelEntry[]);
      return performance.now() - start;
    }
  }
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { id, ...request } = JSON.parse(line) as DriverCall & { id: number };
    answer(request).then(
      (result) => say({ id, result: result ?? null }),
      (error: Error & { code?: string; summary?: string; hint?: string }) =>
        say({ id, error: { code: error.code, message: error.summary ?? error.stack, hint: error.hint } }),
    );
  })
  .on('close', () => {
    void kernel.close().then(() => process.exit(0));
  });
