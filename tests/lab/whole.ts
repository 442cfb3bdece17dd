import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sbinPath } from '../../lab/namespaces/guard';
import { addresses } from '../../lab/namespaces/network';
import { quickstart } from '../../lab/tour/examples';
import { proveForward } from '../../lab/tour/steps/apply';
import type { AgentWorld } from '../../lab/tour/worlds/agent';
import { findKind } from '../../provider/backends/registry';
import type { RuleInputs } from '../../provider/rule/rule';
import { Session } from '../../provider/session/session';

/** The quickstart's rule, as the session gets it. */
export const web: RuleInputs = {
  name: quickstart.rule,
  externalPort: quickstart.externalPort,
  internalAddress: quickstart.internalAddress,
  internalPort: quickstart.internalPort,
  sources: quickstart.sources,
};

/** A session of its own with an agent, as a provider process has one. */
export function openSession(socket: string, owner = 'lab/test'): Session {
  const kind = findKind('agent');
  if (!kind) throw new Error('the registry has no agent');
  const config = kind.parse({ socket }, {});
  return new Session(kind.connect(config), { owner, gatewayName: 'home', endpoint: kind.endpoint(config) });
}

/** The first claim of the tour's proof that does not hold, or null. */
export async function brokenClaim(world: AgentWorld): Promise<string | null> {
  class Broken extends Error {}
  try {
    await proveForward({
      world,
      prove: (claim, holds) => {
        if (!holds) throw new Broken(claim);
      },
    });
    return null;
  } catch (error) {
    if (error instanceof Broken) return error.message;
    throw error;
  }
}

/** A client's connection through the forward; ask it whether it still speaks. */
export async function holdThrough(world: AgentWorld): Promise<() => Promise<boolean>> {
  const internet = world.lab.on('internet');
  const call = { to: addresses.gateway.wan, port: quickstart.externalPort, from: addresses.internet.client };
  const reply = await internet.tcp({ ...call, hold: true });
  if (!reply.ok || reply.connection === undefined) throw new Error(reply.text);
  const { connection } = reply;
  return async () => (await internet.say(connection, 'still there?', 1500)).ok;
}

/** Connections of a LAN machine to the same port of a site outside; tells how many still speak. */
export async function holdOutbound(world: AgentWorld, count: number): Promise<() => Promise<number>> {
  const desk = world.lab.on('desk');
  const open = Array.from({ length: count }, async () => {
    const reply = await desk.tcp({ to: addresses.internet.site, port: quickstart.externalPort, hold: true });
    if (!reply.ok || reply.connection === undefined) throw new Error(reply.text);
    return reply.connection;
  });
  const connections = await Promise.all(open);
  return async () => {
    // The far side speaks first: a packet from inside would only be tracked anew.
    await world.lab.on('internet').speak(quickstart.externalPort, 'still there?');
    const replies = await Promise.all(connections.map((it) => desk.hear(it, 1500)));
    return replies.filter(({ ok }) => ok).length;
  };
}

/** Stands in for nft or conntrack on the agent's PATH, and does as it should until it is switched. */
export class Saboteur {
  private readonly directory = mkdtempSync(join(tmpdir(), 'portforward-sabotage-'));
  private readonly flag = join(this.directory, 'on');

  /** `instead`: POSIX sh that runs once switched; falling through it means doing as the real one. `$real` is that. */
  constructor(command: 'nft' | 'conntrack', instead: string) {
    const path = sbinPath(process.env.PATH);
    const real = execFileSync('sh', ['-c', `command -v ${command}`], {
      env: { PATH: path },
      encoding: 'utf8',
    }).trim();
    const file = join(this.directory, 'bin', command);
    mkdirSync(join(this.directory, 'bin'));
    writeFileSync(
      file,
      `#!/bin/sh\nreal=${real}\nif [ -e ${this.flag} ]; then\n${instead}\nfi\nexec $real "$@"\n`,
    );
    chmodSync(file, 0o755);
  }

  /** For the agent. */
  get env(): Record<string, string> {
    return { PATH: `${join(this.directory, 'bin')}:${sbinPath(process.env.PATH)}` };
  }

  switchOn(): void {
    writeFileSync(this.flag, '');
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
