import { PULUMI_UNKNOWN } from '../../../../provider/pulumi/unknown';
import { DynamicProcess, type Props } from '../../support/dynamic-process';
import { ProgramDirectory } from '../../support/package';
import { type Action, HOME, type Place, type Program, type Surroundings } from '../case';
import { inputsOf } from '../rules';
import type { Door, Ended, Planned, Project } from './door';

interface Resource {
  /** The name of the gateway in the program, which is a resource with a process of its own. */
  readonly gateway: string;
  readonly id: string;
  readonly outs: Props;
  readonly inputs: Props;
}

type State = ReadonlyMap<string, Resource>;

/** The processes of one command, one for each gateway that it concerns. */
type Providers = (gateway: string) => Promise<DynamicProcess>;

/** Pulumi's own provider process, called in the order in which its engine calls it; no CLI is needed. */
export const pulumiProcess: Door = {
  name: 'pulumi process',
  missing: null,
  spell: (property) => property,
  open: async (devices, surroundings) => new ProcessProject(devices, surroundings),
};

class ProcessProject implements Project {
  private readonly directory = new ProgramDirectory();
  /** The next process starts while the one before is at work: most of their time is spent on loading. */
  private next = this.launched();
  private readonly state = new Map<string, Resource>();
  /** As each gateway was declared last. */
  private readonly gateways = new Map<string, Props>();
  private program: Program = {};
  private place: Place = HOME;
  /** Whether the late values are known. */
  private learnt = true;
  private cancelled = false;
  /** Rules of which the provider wants the replacement before the old one goes. */
  private readonly createdFirst = new Set<string>();

  constructor(
    private readonly devices: readonly Readonly<Record<string, unknown>>[],
    private readonly surroundings: Surroundings,
  ) {}

  declare(program: Program, place: Place): void {
    [this.program, this.place, this.learnt] = [program, place, false];
    const { device, ...more } = place;
    const config = Object.entries({ ...this.devices[device], ...more })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        `portforward:${name}`,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]);
    this.gateways.set(place.name, Object.fromEntries(config));
  }

  plan(): Promise<Planned> {
    return this.inProcesses(async (providers) => {
      const seen = await refreshed(providers, this.state);
      return this.decided(await providers(this.place.name), seen, (address) =>
        this.news(address, this.learnt),
      );
    });
  }

  apply(): Promise<Ended> {
    this.learnt = true;
    return this.inProcesses((providers) => this.applied(providers));
  }

  destroy(): Promise<Ended> {
    this.program = {};
    return this.apply();
  }

  /** As for `pulumi import`, nothing is known but the id. */
  import(_address: string, id: string): Promise<Ended> {
    return this.inProcesses(async (providers) => {
      const provider = await providers(this.place.name);
      return provider.read(id, {}).then(
        () => null,
        (error: Error) => error.message,
      );
    });
  }

  async interrupted(
    how: 'cancelled' | 'killed',
    reached: Promise<void>,
    release: () => Promise<void>,
  ): Promise<void> {
    await this.inProcesses(async (providers) => {
      const provider = await providers(this.place.name);
      const applied = this.applied(providers);
      await reached;
      this.cancelled = true;
      if (how === 'killed') await provider.stop('SIGKILL');
      else await release();
      await applied;
      this.cancelled = false;
      if (how === 'killed') await release();
    });
  }

  async close(): Promise<void> {
    await (await this.next).stop();
    this.directory.remove();
  }

  /** Processes of their own for each command, as engines start them. */
  private async inProcesses<T>(work: (providers: Providers) => Promise<T>): Promise<T> {
    const started = new Map<string, Promise<DynamicProcess>>();
    const providers: Providers = (gateway) => {
      const provider = started.get(gateway) ?? this.configured(this.gateways.get(gateway) as Props);
      started.set(gateway, provider);
      return provider;
    };
    try {
      return await work(providers);
    } finally {
      for (const provider of started.values()) await (await provider).stop();
    }
  }

  private async configured(config: Props): Promise<DynamicProcess> {
    const taken = this.next;
    this.next = this.launched();
    const provider = await taken;
    await provider.configure(config);
    return provider;
  }

  private launched(): Promise<DynamicProcess> {
    return DynamicProcess.launch(this.directory.path);
  }

  private news(address: string, known: boolean): Props {
    const declared = this.program[address] ?? {};
    const late = known ? [] : (declared.late ?? []).map((property) => [property, PULUMI_UNKNOWN]);
    return { ...inputsOf(address, declared, this.surroundings), ...Object.fromEntries(late) };
  }

  /** Check and diff of every rule: what is to be done with each. */
  private async decided(
    provider: DynamicProcess,
    seen: State,
    news: (address: string) => Props,
  ): Promise<Planned> {
    const changes: Record<string, Action> = {};
    for (const address of Object.keys(this.program)) {
      const [old, wanted] = [seen.get(address), news(address)];
      const { failures } = await provider.check(old?.inputs ?? {}, wanted);
      const reasons = Object.entries(failures).map(([property, reason]) => `${property}: ${reason}`);
      if (reasons.length > 0) return { refused: reasons.join('\n') };
      const action = old ? await this.compared(provider, address, old, wanted) : 'create';
      if (action === 'replace') await provider.check({}, wanted);
      if (action !== 'same') changes[address] = action;
    }
    for (const address of seen.keys()) if (!(address in this.program)) changes[address] = 'delete';
    return { changes };
  }

  /** Where the provider leaves it open, the engine compares the inputs. */
  private async compared(
    provider: DynamicProcess,
    address: string,
    old: Resource,
    wanted: Props,
  ): Promise<'update' | 'replace' | 'same'> {
    const { changes, replaces, deleteFirst } = await provider.diff(old.id, old.outs, wanted);
    this.createdFirst.delete(address);
    if (replaces.length > 0) {
      if (!deleteFirst) this.createdFirst.add(address);
      return 'replace';
    }
    if (changes === 'none') return 'same';
    return changes === 'some' || !alike(old.inputs, wanted) ? 'update' : 'same';
  }

  private async applied(providers: Providers): Promise<Ended> {
    const seen = await refreshed(providers, this.state);
    for (const address of this.state.keys()) if (!seen.has(address)) this.state.delete(address);
    for (const [address, resource] of seen) this.state.set(address, resource);
    const planned = await this.decided(await providers(this.place.name), seen, (address) =>
      this.news(address, true),
    );
    if ('refused' in planned) return planned.refused;
    const failures: string[] = [];
    const begun = new Map<string, Promise<boolean>>();
    const step = (address: string, action: Action): Promise<boolean> => {
      const work = async (): Promise<boolean> => {
        const { after } = this.program[address] ?? {};
        if (after !== undefined && !(await (begun.get(after) ?? true))) return false;
        if (this.cancelled) return false;
        return this.done(providers, address, action).then(
          () => true,
          (error: Error) => {
            failures.push(error.message);
            return false;
          },
        );
      };
      const going = work();
      begun.set(address, going);
      return going;
    };
    const all = Object.entries(planned.changes);
    const deletions = all.filter(([, action]) => action === 'delete');
    await Promise.all(all.filter(([, action]) => action !== 'delete').map((one) => step(...one)));
    await Promise.all(deletions.map((one) => step(...one)));
    return failures.length > 0 ? failures.join('\n') : null;
  }

  private async done(providers: Providers, address: string, action: Action): Promise<void> {
    const gateway = this.place.name;
    const provider = await providers(gateway);
    const [old, inputs] = [this.state.get(address), this.news(address, true)];
    const remove = async ({ gateway: from, id, outs }: Resource): Promise<void> => {
      await (await providers(from)).delete(id, outs);
    };
    const createdFirst = action === 'replace' && this.createdFirst.has(address);
    if (old && (action === 'delete' || (action === 'replace' && !createdFirst))) {
      await remove(old);
      this.state.delete(address);
    }
    if (action === 'delete') return;
    if (old && action === 'update') {
      this.state.set(address, {
        gateway,
        id: old.id,
        inputs,
        outs: await provider.update(old.id, old.outs, inputs),
      });
      return;
    }
    this.state.set(address, { gateway, inputs, ...(await provider.create(inputs)) });
    if (old && createdFirst) await remove(old);
  }
}

/** The state with what is on the gateways; what is gone is left out. */
async function refreshed(providers: Providers, state: State): Promise<State> {
  const read = [...state].map(async ([address, { gateway, id, outs }]) => {
    const provider = await providers(gateway);
    return { address, gateway, ...(await provider.read(id, outs)) };
  });
  const found = (await Promise.all(read)).filter(({ id }) => id !== '');
  return new Map(
    found.map(({ address, inputs: { __provider: _, ...inputs }, ...resource }) => [
      address,
      { ...resource, inputs },
    ]),
  );
}

function alike(a: Props, b: Props): boolean {
  const text = (props: Props) => JSON.stringify(Object.entries(props).sort(([x], [y]) => x.localeCompare(y)));
  return text(a) === text(b);
}
