import { createInterface } from 'node:readline';
import { refuseOutsideLab } from '../../lab/namespaces/guard';
import { findKind } from '../../provider/backends/registry';
import { Session } from '../../provider/session/session';
import type { RuleState } from '../../provider/session/state';
import type { LanCall, LanSettings } from './lan-session';

/** A session on a host of the lab's LAN, by one JSON object a line: `{ id, call, args }` gives `{ id, result }`. */
refuseOutsideLab();

const { kind: name, gateway, owner, options } = JSON.parse(process.argv[2] ?? '') as LanSettings;
const kind = findKind(name);
if (!kind) throw new Error(`no kind ${name}`);
const config = kind.parse(gateway, {});
const warnings: string[] = [];
const begin = (): Session =>
  new Session(kind.connect(config), {
    owner,
    gatewayName: 'router',
    endpoint: kind.endpoint(config),
    warn: (message) => warnings.push(message),
    ...options,
  });
let session = begin();

async function answer({ call, args }: LanCall): Promise<unknown> {
  switch (call) {
    case 'create':
      return session.create(args[0]);
    case 'read':
      return session.read(args[0] as RuleState);
    case 'update':
      return session.update(args[0] as RuleState, args[1]);
    case 'delete':
      return session.delete(args[0] as RuleState);
    case 'list':
      return session.list();
    case 'info': {
      const { product, device, wans, lans, problems } = await session.info();
      return { product, device, wans, lans, problems };
    }
    case 'warnings':
      return warnings.splice(0);
    case 'fresh':
      await session.close();
      session = begin();
      return null;
  }
}

const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { id, ...request } = JSON.parse(line) as LanCall & { id: number };
    answer(request).then(
      (result) => say({ id, result: result ?? null }),
      ({ code, summary, hint, property, stack }) =>
        say({ id, error: { code, message: code ? summary : stack, hint, property } }),
    );
  })
  .on('close', () => {
    void session.close().finally(() => process.exit(0));
  });
