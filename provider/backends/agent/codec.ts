import type * as z from 'zod';
import { errorSchema } from '../../../agent/api/schema';
import { API_HEADER, API_VERSION, PRODUCT } from '../../../agent/api/version';
import type { ChangeWire, EntryWire, StatusReply } from '../../../agent/api/wire';
import type { Capabilities } from '../../rule/capabilities';
import { PortforwardError } from '../../rule/error';
import type { Change, Entry, GatewayInfo, WantedEntry } from '../backend';
import type { HttpAnswer } from '../http/client';

/** The agent takes a whole rule as one entry, and a batch as one transaction. */
export const agentCapabilities: Capabilities = {
  entry: { protocols: 'both', ports: 'list', shift: true, sources: 1024 },
  families: [4, 6],
  gatewayTarget: true,
  properties: new Set(['enabled', 'wan', 'sources', 'hairpin', 'log', 'description']),
  overlap: true,
  atomic: true,
  lease: null,
};

/** A refusal by the agent; `index` = the change at fault, null = the batch as a whole. */
export class AgentRefusal extends PortforwardError {
  constructor(
    readonly index: number | null,
    ...args: ConstructorParameters<typeof PortforwardError>
  ) {
    super(...args);
  }
}

/** The answer's body in its shape. Throws what the agent refused with, `version` for another interface or another program. */
export function readAnswer<T>(answer: HttpAnswer, schema: z.ZodType<T>, place: string): T {
  const api = answer.headers[API_HEADER];
  if (api === undefined)
    throw new PortforwardError('version', `Something answers at ${place} that is not ${PRODUCT}.`, {
      hint: 'Look at the path of the socket.',
    });
  if (answer.status !== 200) throw refusalOf(answer);
  if (api !== String(API_VERSION)) throw otherVersion(api);
  const parsed = schema.safeParse(answer.json);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.map(String).join('.') || 'the body';
  throw new PortforwardError(
    'version',
    `The agent at ${place} answered in a shape we do not know (${where}).`,
    {
      hint: 'Install the same version of portforward on both machines.',
    },
  );
}

function refusalOf({ status, headers, json, excerpt }: HttpAnswer): PortforwardError {
  const api = headers[API_HEADER];
  if (api !== undefined && api !== String(API_VERSION)) return otherVersion(api);
  const parsed = errorSchema.safeParse(json);
  if (!parsed.success)
    return new PortforwardError(
      'refused',
      `The agent answered with HTTP ${status}: ${excerpt.slice(0, 200)}`,
    );
  const { code, message, hint, property, index } = parsed.data;
  return new AgentRefusal(index ?? null, code, message, {
    ...(hint === undefined ? {} : { hint }),
    ...(property === undefined ? {} : { property }),
    retryable: code === 'stale' || status === 429,
  });
}

function otherVersion(api: string): PortforwardError {
  return new PortforwardError(
    'version',
    `The agent speaks version ${api} of its interface, this portforward speaks version ${API_VERSION}.`,
    { hint: 'Install the same version of portforward on both machines.' },
  );
}

export function infoOf(status: StatusReply): GatewayInfo {
  const practice = status.kernel === 'memory' ? ' (practice: moves no packets)' : '';
  return {
    product: `${PRODUCT} ${status.version}${practice}`,
    device: status.agentId,
    capabilities: agentCapabilities,
    wans: status.wans,
    lans: status.lans,
    addresses: status.addresses,
    management: status.management,
    problems: status.problems,
  };
}

export function entryOf({
  handle,
  tag,
  id,
  forward,
  restriction,
  label,
  changeable,
  blocked,
  changed,
}: EntryWire): Entry {
  return {
    handle,
    tag,
    id,
    forward,
    restriction,
    label,
    changeable,
    blocked,
    permanent: true,
    expires: null,
    ...(changed ? { changed } : {}),
  };
}

export function changeOf(change: Change): ChangeWire {
  if (change.op === 'add') return { op: 'add', wanted: wantedOf(change.wanted) };
  const { handle } = change.before;
  if (change.op === 'remove') return { op: 'remove', handle };
  return { op: 'edit', handle, wanted: wantedOf(change.wanted) };
}

/** Field by field: the agent refuses what it does not know. */
function wantedOf({ tag, id, forward }: WantedEntry): {
  tag: string;
  id: string;
  forward: WantedEntry['forward'];
} {
  const { enabled, traffic, wan, target, sources, hairpin, log, description } = forward;
  return { tag, id, forward: { enabled, traffic, wan, target, sources, hairpin, log, description } };
}

/** Why a change is not even sent: entries of other programs are never touched, and this is how they can be removed. */
export function foreignRefusal(change: Change): { readonly message: string; readonly hint: string } | null {
  if (change.op === 'add' || change.before.tag !== null) return null;
  const { label, handle } = change.before;
  const parts = /^(\S+) (\S+) (\S+) ([0-9]+)$/.exec(handle);
  const command = parts
    ? `Remove it there with: nft delete rule ${parts[1]} ${parts[2]} ${parts[3]} handle ${parts[4]}, or in the program that made it.`
    : 'Remove it in the program that made it.';
  return {
    message: `The entry ${handle} (${label}) belongs to another program on the gateway, whose tables the agent never touches.`,
    hint: `${command} Then declare the rule without adopt.`,
  };
}
