import type { Capabilities } from '../../provider/rule/capabilities';
import { PortforwardError } from '../../provider/rule/error';
import { normalise } from '../../provider/rule/normalise';
import type { Forward, RuleInputs } from '../../provider/rule/rule';
import type { SessionOptions } from '../../provider/session/options';
import { Session } from '../../provider/session/session';
import type { Device, Fault, Harness, Hook, RawEntry } from './harness';

export const OWNER = 'shop/prod';

/** One test's device and the sessions on it; everything is ended after the test. */
export class Bench {
  readonly warnings: string[] = [];
  private started: Device | null = null;
  private sessions: Session[] = [];

  constructor(readonly harness: Harness) {
    beforeEach(async () => {
      this.started = await harness.start();
      this.warnings.length = 0;
      this.sessions = [];
    });
    afterEach(async () => {
      await Promise.all(this.sessions.map((session) => session.close().catch(() => undefined)));
      await this.started?.stop();
      this.started = null;
    });
  }

  get device(): Device {
    if (!this.started) throw new Error('no test is running');
    return this.started;
  }

  get capabilities(): Capabilities {
    return this.harness.capabilities;
  }

  /** A session as a new process would have: own login, and it remembers nothing. */
  session(options: Partial<SessionOptions> = {}): Session {
    const session = new Session(this.device.connect(), {
      owner: OWNER,
      gatewayName: 'router',
      endpoint: this.device.endpoint,
      warn: (message) => this.warnings.push(message),
      ...options,
    });
    this.sessions.push(session);
    return session;
  }

  /** A rule that every gateway can hold. */
  rule(name: string, externalPort: number | string, more: Partial<RuleInputs> = {}): RuleInputs {
    return { name, externalPort, internalAddress: this.harness.network.hosts[0], ...more };
  }

  /** The live forward of a rule's inputs, for what others put on the device. */
  forward(externalPort: number | string, more: Partial<RuleInputs> = {}): Forward {
    return normalise(this.rule('x', externalPort, more)).forward;
  }

  /** The entries on the device that carry a tag. */
  async tagged(): Promise<readonly RawEntry[]> {
    return (await this.device.snapshot()).filter(({ tag }) => tag !== null);
  }

  /** Two source lists, the second without anything of the first, as this gateway can hold them; null = it holds none. */
  get sources(): readonly [readonly string[], readonly string[]] | null {
    const { sources, sourceHosts } = this.capabilities.entry;
    if (sources === 0) return null;
    return sourceHosts ? [['198.51.100.7'], ['203.0.113.9']] : [['198.51.100.0/24'], ['203.0.113.0/24']];
  }

  /** Whether several sources may share a port. */
  get manySources(): boolean {
    return this.sources !== null && this.capabilities.overlap;
  }

  can(property: keyof RuleInputs): boolean {
    return this.harness.capabilities.properties.has(property);
  }
}

/** A test that needs hooks or faults which a harness may not have: then it is left out by name. */
export function needs(
  { harness }: Bench,
  needed: readonly (Hook | Fault['kind'] | 'ids')[],
  name: string,
  run: () => Promise<void>,
): void {
  const has = (one: string): boolean =>
    one === 'ids'
      ? harness.ids
      : (harness.hooks as ReadonlySet<string>).has(one) || (harness.faults as ReadonlySet<string>).has(one);
  const missing = needed.filter((one) => !has(one));
  if (missing.length === 0) test(name, run);
  // Some devices cannot be brought into this case at all; the summary of the run names it.
  else test.skip(`${name} (left out: this harness has no ${missing.join(', ')})`, run);
}

/** The error a promise ends with; fails where it succeeds. */
export async function failure(promise: Promise<unknown>): Promise<PortforwardError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof PortforwardError) return error;
    throw error;
  }
  throw new Error('it succeeded, where a failure was expected');
}
