import type { Reply } from '../ubus/bus';
import { ubusCode } from '../ubus/codes';
import { UciCursor } from '../uci/cursor';
import type { UciFiles } from '../uci/files';
import { isConfig } from '../uci/names';
import type { UciPackage } from '../uci/package';
import { UciSyntaxError } from '../uci/parse';
import type { UciStaging } from '../uci/staging';
import type { Sessions } from './sessions';

/** What the object `uci` works on. */
export interface UciContext {
  readonly files: UciFiles;
  readonly staging: UciStaging;
  readonly sessions: Sessions;
  /** Tells the services that this configuration was written. */
  readonly changed: (config: string) => void;
}

/** The second of two doors: whoever may call the method may still not touch this configuration. */
export function may(context: UciContext, sid: string, right: 'read' | 'write', config: string): boolean {
  return context.sessions.allows(sid, 'uci', config, right);
}

/** What this session sees: the file, with what it has staged. A code where there is nothing to see. */
export function view(context: UciContext, sid: string, config: string): UciPackage | number {
  if (!isConfig(config)) return ubusCode.invalidArgument;
  try {
    return context.files.load(config, context.staging.changes(sid, config)) ?? ubusCode.notFound;
  } catch (error) {
    if (error instanceof UciSyntaxError) return ubusCode.unknownError;
    throw error;
  }
}

/** Stages what `change` does; a code other than 0 from it leaves everything as it was. */
export function stage(
  context: UciContext,
  sid: string,
  config: string,
  change: (cursor: UciCursor) => Reply,
): Reply {
  const uci = view(context, sid, config);
  if (typeof uci === 'number') return [uci];
  const cursor = new UciCursor(uci);
  const reply = change(cursor);
  if (reply[0] === ubusCode.ok && cursor.changes.length > 0) {
    context.staging.append(sid, config, cursor.changes);
  }
  return reply;
}
