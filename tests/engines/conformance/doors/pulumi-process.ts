import { PULUMI_UNKNOWN } from '../../../../provider/pulumi/unknown';
import type { Props } from '../../support/dynamic-process';
import { HOME, type Place, type Program, type Surroundings } from '../case';
import { inputsOf } from '../rules';
import type { Door, Ended, Planned, Project } from './door';
import { ProviderProcesses, type Providers } from './provider-processes';
import { applied, type Course, decided, type Resource, refreshed } from './pulumi-engine';

/** Pulumi's own provider process, called in the order in which its engine calls it; no CLI is needed. */
export function pulumiProcess(): Door {
  const processes = new ProviderProcesses();
  return {
    name: 'pulumi process',
    missing: null,
    spell: (property) => property,
    open: async (devices, surroundings) => new ProcessProject(processes, devices, surroundings),
    close: () => processes.end(),
  };
}

class ProcessProject implements Project {
  private readonly state = new Map<string, Resource>();
  /** As each gateway was declared last. */
  private readonly gateways = new Map<string, Props>();
  private program: Program = {};
  private place: Place = HOME;
  /** Whether the late values are known. */
  private learnt = true;
  private cancelled = false;

  constructor(
    private readonly processes: ProviderProcesses,
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
    return this.during(async (providers) =>
      decided(this.course(providers), await refreshed(providers, this.state)),
    );
  }

  apply(): Promise<Ended> {
    this.learnt = true;
    return this.during((providers) => applied(this.course(providers), this.state));
  }

  destroy(): Promise<Ended> {
    this.program = {};
    return this.apply();
  }

  import(_address: string, id: string): Promise<Ended> {
    return this.during(async (providers) => {
      const provider = await providers(this.place.name);
      return provider.read(id, null).then(
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
    this.learnt = true;
    await this.during(async (providers) => {
      const provider = await providers(this.place.name);
      const ended = applied(this.course(providers), this.state);
      await reached;
      this.cancelled = true;
      if (how === 'killed') await provider.stop('SIGKILL');
      else await release();
      await ended;
      this.cancelled = false;
      if (how === 'killed') await release();
    });
  }

  async close(): Promise<void> {}

  private during<T>(work: (providers: Providers) => Promise<T>): Promise<T> {
    return this.processes.during((gateway) => this.gateways.get(gateway) ?? {}, work);
  }

  private course(providers: Providers): Course {
    return {
      providers,
      program: this.program,
      gateway: this.place.name,
      news: (address) => this.news(address),
      cancelled: () => this.cancelled,
    };
  }

  private news(address: string): Props {
    const declared = this.program[address] ?? {};
    const late = this.learnt
      ? []
      : (declared.late ?? []).map((property) => [property, PULUMI_UNKNOWN] as const);
    return { ...inputsOf(address, declared, this.surroundings), ...Object.fromEntries(late) };
  }
}
