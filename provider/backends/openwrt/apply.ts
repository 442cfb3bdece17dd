import { PortforwardError } from '../../rule/error';
import type { ApplyOptions, Change, ChangeResult } from '../backend';
import { writeGrants } from './acl';
import { isUnread, readChain } from './chains';
import { type Reply, UBUS } from './client';
import { entriesOf } from './codec';
import { type Login, LoginExpired } from './login';
import { handlesOf, type Looker } from './look';
import type { Reader } from './reading';
import { lacksRights, missing } from './rights';
import { generationOf, readSections, type Section } from './sections';
import { CONFIG, changedMeanwhile, othersThan, type Staging, stage, stagingFailure } from './staging';
import { APPLY_CALL, busy, COMMIT_CALL, type Trial, uci } from './trial';

/** How often a batch is staged anew because the login expired in the middle, or was not clean. */
const MOST_TRIES = 3;

/** Stages a batch and makes it live: all of it, or nothing. */
export class Applier {
  /** Whether something was staged that is neither applied nor thrown away. */
  private staged = false;

  constructor(
    private readonly login: Login,
    private readonly reader: Reader,
    private readonly looker: Looker,
    private readonly trial: Trial,
  ) {}

  async apply(changes: readonly Change[], options: ApplyOptions): Promise<readonly ChangeResult[]> {
    const { signal } = options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(changes, options);
      } catch (error) {
        // It must never be applied by whoever uses this login next.
        if (this.staged && !this.trial.underWay) await this.login.destroy(signal);
        if (!(error instanceof LoginExpired)) throw error;
        this.trial.answered('nothing');
        if (attempt >= MOST_TRIES) throw error;
      } finally {
        this.staged = false;
      }
    }
  }

  private async once(
    changes: readonly Change[],
    { generation, trial = false, signal }: ApplyOptions,
  ): Promise<readonly ChangeResult[]> {
    await this.login.ensure(signal);
    if (this.login.borrowed) throw busy();
    const lines = missing(this.login.acls, writeGrants, 'write');
    if (lines.length > 0) throw lacksRights(this.login.acls, this.login.username, lines);
    const { sections, handles } = await this.base(signal);
    if (generationOf(sections) !== generation) throw changedMeanwhile();
    const zones = this.reader.known;
    const staging = stage(changes, sections, zones);
    if (!('calls' in staging)) return staging;
    const done = changes.map(
      (change): ChangeResult => ({
        status: 'done',
        handle: change.op === 'remove' ? null : change.wanted.tag,
      }),
    );
    if (staging.calls.length === 0) {
      this.trial.answered(trial ? 'void' : 'nothing');
      return done;
    }
    this.staged = true;
    const failed = stagingFailure(staging, await this.stageAll(staging, signal), changes);
    if (failed) {
      await this.login.destroy(signal);
      return failed;
    }
    const live = await this.makeLive(trial, signal);
    if (live === 'nothing to do') return done;
    const gone = new Set(changes.flatMap((change) => (change.op === 'remove' ? change.before.handle : [])));
    const removed =
      gone.size === 0 ? [] : entriesOf(sections, zones).filter(({ section }) => gone.has(section.name));
    this.looker.expect({ handles, removed });
    if (
      trial &&
      live !== null &&
      othersThan(staging.touched, live) !== othersThan(staging.touched, sections)
    ) {
      await this.trial.rollback(signal);
      throw changedMeanwhile();
    }
    return done;
  }

  /** The configuration as it is now, under a login with nothing staged. */
  private async base(
    signal: AbortSignal,
  ): Promise<{ readonly sections: readonly Section[]; readonly handles: string }> {
    const watch = this.looker.watch();
    const calls = [uci('changes', CONFIG), uci('get', CONFIG), ...(watch ? [watch.call] : [])];
    const [staged, config, chain] = await this.login.send(calls, { signal, idempotent: true });
    const left = staged?.ok ? staged.data?.changes : undefined;
    if (!Array.isArray(left) || left.length > 0) {
      await this.login.destroy(signal);
      throw new LoginExpired();
    }
    const rules = watch ? readChain(watch.chain, chain) : [];
    const handles = isUnread(rules) ? '' : handlesOf(rules);
    return { sections: readSections(config?.ok ? config.data : null), handles };
  }

  /** Nobody sees what is staged, so that a failure here has changed nothing, whatever became of the answer. */
  private async stageAll({ calls }: Staging, signal: AbortSignal): Promise<readonly Reply[]> {
    try {
      return await this.login.send(calls, { signal });
    } catch (error) {
      if (error instanceof LoginExpired || signal.aborted || !(error instanceof PortforwardError))
        throw error;
      if (error.code !== 'timeout' && error.code !== 'refused') throw error;
      throw new PortforwardError('unreachable', `Nothing was changed: ${error.summary}`, {
        hint: error.hint ?? 'Run again.',
        retryable: true,
        cause: error,
      });
    }
  }

  /** The one call after which the change is there; with it comes the configuration that it led to, if it is told. */
  private async makeLive(
    trial: boolean,
    signal: AbortSignal,
  ): Promise<readonly Section[] | null | 'nothing to do'> {
    this.trial.sending(trial);
    const [reply, config] = await this.final(trial, signal);
    if (reply?.ok) {
      this.staged = false;
      this.trial.answered(trial ? 'pending' : 'nothing');
      return config?.ok ? readSections(config.data) : null;
    }
    this.trial.answered('nothing');
    if (reply?.code === UBUS.noData) {
      // What was set was so before.
      this.trial.answered(trial ? 'void' : 'nothing');
      return 'nothing to do';
    }
    if (reply?.code === UBUS.denied) throw busy();
    throw new PortforwardError(
      'refused',
      `The router refused to ${trial ? 'apply' : 'commit'} the changes: ${reply?.words ?? 'no reply'}.`,
    );
  }

  /** What comes back and cannot be read may stand for a change that was made: only a look tells. */
  private async final(trial: boolean, signal: AbortSignal): Promise<readonly Reply[]> {
    try {
      return await this.login.send([trial ? APPLY_CALL : COMMIT_CALL, uci('get', CONFIG)], { signal });
    } catch (error) {
      if (!(error instanceof PortforwardError) || error.code !== 'refused') throw error;
      throw new PortforwardError('timeout', `${error.summary} The change may have been made.`, {
        hint: error.hint ?? 'Run again.',
        retryable: true,
        cause: error,
      });
    }
  }
}
