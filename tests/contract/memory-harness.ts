import { MemoryGateway } from '../../lab/simulators/memory/gateway';
import type { MemoryKind } from '../../lab/simulators/memory/kinds';
import { parseTag } from '../../provider/rule/identity';
import type { Device, Fault, Harness } from './harness';

const MANAGEMENT = 2222;

/** The contract suite's view of a gateway in memory. `sabotage` breaks each device before its test: for the controls. */
export function memoryHarness(
  kind: MemoryKind,
  sabotage: (gateway: MemoryGateway) => void = () => {},
): Harness {
  return {
    capabilities: kind.capabilities,
    generations: kind.generations,
    trials: kind.trials ?? false,
    ids: kind.markLength >= 63,
    network: {
      hosts: ['192.168.1.10', '192.168.1.20'],
      host6: kind.capabilities.families.includes(6) ? '2001:db8:1::10' : null,
      wan: kind.capabilities.properties.has('wan') ? 'wan2' : null,
    },
    managementPort: MANAGEMENT,
    faults: new Set([
      'refuse',
      'lost-answer',
      'lost-request',
      'unchanged',
      'ignore-sources',
      'credential',
      'expired-login',
      'hang',
      'unreachable',
      'blocked',
      'cut-way',
      'late-confirm',
      'unheard-confirm',
    ]),
    hooks: new Set([
      'foreign',
      'unchangeable',
      'restriction',
      'tamper',
      'vanish',
      'copy',
      'crash',
      'restart',
      'replace',
      'log',
      'trial-end',
    ]),
    start: async () => {
      const gateway = new MemoryGateway({
        kind,
        lans: ['192.168.1.0/24', '2001:db8:1::/64'],
        wans: [
          { name: 'wan', addresses: ['203.0.113.7'] },
          { name: 'wan2', addresses: ['203.0.113.8'] },
        ],
        management: [{ protocol: 'tcp', port: MANAGEMENT, service: 'SSH' }],
      });
      sabotage(gateway);
      return memoryDevice(gateway);
    },
  };
}

export function memoryDevice(gateway: MemoryGateway): Device {
  return {
    endpoint: 'memory:test',
    connect: () => gateway.connect(),
    snapshot: async () =>
      gateway.records.map(({ handle, mark, forward, restriction, changeable }) => ({
        handle,
        tag: parseTag(mark)?.text ?? null,
        text: JSON.stringify({ mark, forward, restriction, changeable }),
      })),
    addForeign: async (forward, extra) => gateway.addForeign(forward, extra),
    addOurs: async (tag, id, forward) => gateway.addOurs(tag, id, forward),
    tamper: async (handle, change) => gateway.tamper(handle, change),
    vanish: async (handle) => gateway.vanish(handle),
    copy: async (handle, change) => gateway.copy(handle, change),
    log: () => gateway.log,
    counts: () => ({ ...gateway.counts }),
    inject: async (fault) => inject(gateway, fault),
    restart: async () => gateway.restart(),
    replace: async () => gateway.replace(),
    trialEnds: async () => gateway.trialEnds(),
    stop: async () => {
      gateway.faults.delay = 0;
    },
  };
}

function inject(gateway: MemoryGateway, fault: Fault): () => Promise<void> {
  const { faults } = gateway;
  const lift = (undo: () => void) => async (): Promise<void> => undo();
  switch (fault.kind) {
    case 'refuse':
      faults.refuse.set(fault.port, fault.message);
      return lift(() => faults.refuse.delete(fault.port));
    case 'blocked':
      faults.blocked.set(fault.port, fault.hint);
      return lift(() => faults.blocked.delete(fault.port));
    case 'cut-way':
      faults.cutsWay.add(fault.port);
      return lift(() => faults.cutsWay.delete(fault.port));
    case 'late-confirm':
      faults.confirmLate = 1;
      return lift(() => {
        faults.confirmLate = 0;
      });
    case 'unheard-confirm':
      faults.confirmUnheard = 1;
      return lift(() => {
        faults.confirmUnheard = 0;
      });
    case 'lost-answer':
      faults.loseAnswers = 1;
      return lift(() => {
        faults.loseAnswers = 0;
      });
    case 'lost-request':
      faults.loseRequests = 1;
      return lift(() => {
        faults.loseRequests = 0;
      });
    case 'unchanged':
      faults.doNothing = true;
      return lift(() => {
        faults.doNothing = false;
      });
    case 'ignore-sources':
      faults.ignoreSources = true;
      return lift(() => {
        faults.ignoreSources = false;
      });
    case 'credential':
      faults.refuseLogin = true;
      gateway.expireLogins();
      return lift(() => {
        faults.refuseLogin = false;
      });
    case 'expired-login':
      gateway.expireLogins();
      return lift(() => {});
    case 'hang':
      faults.delay = Number.POSITIVE_INFINITY;
      return lift(() => {
        faults.delay = 0;
      });
    case 'hold':
      throw new Error('a gateway in memory is held by its delay');
    case 'unreachable':
      faults.unreachable = true;
      return lift(() => {
        faults.unreachable = false;
      });
  }
}
