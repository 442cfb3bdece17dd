import type { SimulatorClock } from '../../clock';
import { faultIn, NftTable } from '../kernel/nft-table';
import type { SimulatedInterface } from '../network/interfaces';
import type { Output } from '../rpcd/file-object';
import type { UciFiles } from '../uci/files';
import { UciPackage } from '../uci/package';
import { UciSyntaxError } from '../uci/parse';
import { type Compiled, compile, type Services } from './compile';
import { type Checked, nftError } from './fw4-program';

/** Reloads whose words are remembered. */
const KEPT = 20;

/** The firewall service: reads the configuration some time after it was written, and loads it into the kernel. */
export class Firewall {
  /** Milliseconds between a written configuration and the reload (procd waits for a second); Infinity = never. */
  delay = 1000;
  /** Nft refuses every ruleset with these words, as with a broken file of somebody's beside it; null = off. */
  refuseAll: string | null = null;
  /** What fw4 and nft had to say at the last reloads. */
  readonly log: string[] = [];
  reloads = 0;
  private table = new NftTable();
  private cancel: (() => void) | null = null;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly files: UciFiles,
    private readonly interfaces: () => readonly SimulatedInterface[],
    /** What services bring along, by the service's name; may be changed at any time. */
    public services: Services,
    private readonly clock: SimulatorClock,
  ) {
    this.reload();
  }

  get kernel(): NftTable {
    return this.table;
  }

  /** The configuration was written. Another one before the reload begins the wait anew. */
  changed(): void {
    this.cancel?.();
    this.cancel = null;
    if (this.delay <= 0) this.reload();
    else if (Number.isFinite(this.delay)) this.cancel = this.clock.after(this.delay, () => this.reload());
  }

  /** Now. What nft refuses leaves the old ruleset in force, whole. */
  reload(): Output {
    this.cancel?.();
    this.cancel = null;
    const { chains, warnings } = this.compiled();
    const fault = this.refuseAll ?? this.table.load(chains);
    const said = [...warnings.map((line) => `${line}\n`), ...(fault === null ? [] : [nftError(fault)])].join(
      '',
    );
    this.log.push(said);
    if (this.log.length > KEPT) this.log.shift();
    this.reloads += 1;
    for (const tell of this.waiting.splice(0)) tell();
    return { code: fault === null ? 0 : 1, stderr: said };
  }

  /** What a reload would say, without one. */
  check(): Checked {
    const { chains, warnings } = this.compiled();
    return { warnings, fault: this.refuseAll ?? faultIn(chains) };
  }

  /** Resolves after the next reload. */
  reloaded(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** After a start of the router the kernel knows nothing, and counts from one again. */
  boot(): void {
    this.table = new NftTable();
    this.reload();
  }

  /** A file that cannot be read is an empty one to fw4: no zone is left then, and nothing is let in. */
  private compiled(): Compiled {
    return compile(this.read(), this.interfaces(), this.services);
  }

  private read(): UciPackage {
    try {
      return this.files.load('firewall') ?? new UciPackage();
    } catch (error) {
      if (error instanceof UciSyntaxError) return new UciPackage();
      throw error;
    }
  }
}
