import type { GatewayInfo, Table } from '../backends/backend';
import { hasCode } from '../rule/error';
import type { Clock } from './options';
import { Shared } from './shared';

/** Milliseconds a finished look still serves after its end or its last reader: an engine spreads reads over seconds. */
const IDLE = 5_000;
/** Milliseconds after which a look serves nobody, however many still ask. */
const OLDEST = 60_000;

/** One reading of the whole table, with what the device said of itself. */
export interface Look {
  readonly info: GatewayInfo;
  readonly table: Table;
}

interface Served {
  readonly shared: Shared<Look>;
  readonly handles: ReadonlySet<string>;
  /** When it began to run, not when it was asked for; null = not yet. */
  readonly times: { readonly began: number | null };
  ended: number | null;
  lastRead: number;
  /** How it ended. */
  outcome: 'good' | 'silence' | 'bad' | null;
}

/**
 * The look that reads share: joined while under way, serving for a while afterwards, dropped by our own writes.
 * A device that kept silent is not asked again for as long as it took to find out, so 500 reads do not wait 500 times.
 */
export class Looks {
  private current: Served | null = null;
  private latest: { readonly look: Look; readonly at: number } | null = null;

  constructor(
    private readonly clock: Clock,
    /** Takes a look when the device is free; calls `began` at that moment. */
    private readonly take: (
      handles: readonly string[],
      signal: AbortSignal,
      began: () => void,
    ) => Promise<Look>,
  ) {}

  /** A look for a read. `handles` = everything rules recorded, for devices that show some entries only when asked. */
  async forRead(handles: () => readonly string[], signal: AbortSignal): Promise<Look> {
    const served = this.serving() ?? this.begin(handles());
    served.lastRead = this.clock.now();
    return served.shared.wait(signal);
  }

  /** A look that asked for all of these handles, where the device would not have shown them otherwise. */
  async including(
    handles: () => readonly string[],
    wanted: readonly string[],
    signal: AbortSignal,
  ): Promise<Look> {
    const serving = this.serving();
    if (serving && wanted.every((handle) => serving.handles.has(handle))) return serving.shared.wait(signal);
    const served = this.begin(handles());
    return served.shared.wait(signal);
  }

  /** For checks at preview: foreign entries hardly change, so our own writes do not matter. */
  async forCheck(handles: () => readonly string[], signal: AbortSignal): Promise<Look> {
    if (this.latest && this.clock.now() - this.latest.at <= OLDEST) return this.latest.look;
    return this.forRead(handles, signal);
  }

  /** Our own write begins: nobody may be served what was seen before it. */
  drop(): void {
    this.current = null;
  }

  /** What a batch saw last, for checks only. */
  remember(look: Look): void {
    this.latest = { look, at: this.clock.now() };
  }

  private serving(): Served | null {
    const served = this.current;
    if (!served || served.shared.abandoned) return null;
    if (served.ended === null) return served;
    const now = this.clock.now();
    if (served.outcome === 'bad') return null;
    if (served.outcome === 'silence') {
      const took = served.ended - (served.times.began ?? served.ended);
      return now - served.ended < took ? served : null;
    }
    const idle = now - Math.max(served.ended, served.lastRead);
    return idle <= IDLE && now - served.ended <= OLDEST ? served : null;
  }

  private begin(handles: readonly string[]): Served {
    const times: { began: number | null } = { began: null };
    const served: Served = {
      shared: new Shared((signal) =>
        this.take(handles, signal, () => {
          times.began = this.clock.now();
        }),
      ),
      handles: new Set(handles),
      times,
      ended: null,
      lastRead: this.clock.now(),
      outcome: null,
    };
    this.current = served;
    served.shared.result.then(
      (look) => {
        served.ended = this.clock.now();
        served.outcome = 'good';
        this.remember(look);
      },
      (error) => {
        served.ended = this.clock.now();
        served.outcome = hasCode(error, 'unreachable', 'timeout') ? 'silence' : 'bad';
      },
    );
    return served;
  }
}
