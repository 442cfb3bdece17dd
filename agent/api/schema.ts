import * as z from 'zod';
import type { ErrorCode } from '../../provider/rule/error';
import type { BatchReply, CountersReply, EntriesReply, StatusReply } from './wire';

/*
 * What a client accepts of an agent. Loose: a newer agent may tell more than we know. What the agent accepts of a client is
 * in request.ts, which the daemon can load without this library.
 */

const problem = z.object({ code: z.string(), fatal: z.boolean(), message: z.string(), hint: z.string() });

const blocked = z.nullable(z.object({ message: z.string(), hint: z.string() }));

/** What a live entry may look like is wider than what may be asked for: somebody may have changed it by hand. */
const liveForward = z.object({
  enabled: z.boolean(),
  traffic: z.array(
    z.object({
      protocol: z.enum(['tcp', 'udp']),
      ports: z.array(z.object({ from: z.int(), to: z.int(), target: z.int() })),
    }),
  ),
  wan: z.nullable(z.string()),
  target: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('host'), family: z.union([z.literal(4), z.literal(6)]), address: z.string() }),
    z.object({ kind: z.literal('gateway') }),
  ]),
  sources: z.nullable(z.array(z.string())),
  hairpin: z.nullable(z.boolean()),
  log: z.boolean(),
  description: z.string(),
});

export const statusSchema: z.ZodType<StatusReply> = z.object({
  api: z.int(),
  product: z.string(),
  version: z.string(),
  agentId: z.string().min(8),
  kernel: z.enum(['nftables', 'memory']),
  state: z.enum(['ok', 'damaged']),
  generation: z.string().min(1),
  entries: z.object({ wanted: z.int(), disabled: z.int(), drifted: z.int() }),
  limits: z.object({ rules: z.int(), body: z.int() }),
  wans: z.array(z.object({ name: z.string(), addresses: z.array(z.string()) })),
  lans: z.array(z.string()),
  addresses: z.array(z.string()).default([]),
  ipForward: z.object({ v4: z.boolean(), v6: z.boolean() }),
  nft: z.string(),
  listeners: z.array(z.object({ protocol: z.enum(['tcp', 'udp']), address: z.string(), port: z.int() })),
  management: z.array(z.object({ protocol: z.enum(['tcp', 'udp']), port: z.int(), service: z.string() })),
  healed: z.object({ count: z.int(), last: z.nullable(z.string()) }),
  generations: z.array(z.object({ number: z.int(), at: z.string(), entries: z.int() })),
  problems: z.array(problem),
});

export const entriesSchema: z.ZodType<EntriesReply> = z.object({
  generation: z.string().min(1),
  entries: z.array(
    z.object({
      handle: z.string(),
      tag: z.nullable(z.string()),
      id: z.nullable(z.string()),
      forward: liveForward,
      restriction: z.nullable(z.string()),
      label: z.string(),
      changeable: z.boolean(),
      blocked,
      changed: z.array(z.string()).default([]),
    }),
  ),
});

export const batchReplySchema: z.ZodType<BatchReply> = z.object({
  generation: z.string().min(1),
  handles: z.array(z.nullable(z.string())),
});

export const countersSchema: z.ZodType<CountersReply> = z.object({
  epoch: z.string(),
  byTag: z.record(z.string(), z.object({ connections: z.number(), denied: z.number() })),
});

const codes = [
  'invalid',
  'unsupported',
  'conflict',
  'refused',
  'credential',
  'denied',
  'stale',
  'version',
  'internal',
] as const satisfies readonly ErrorCode[];

/** A code that we do not know becomes `refused`: the sentence still says what happened. */
export const errorSchema = z.object({
  code: z.enum(codes).catch('refused'),
  message: z.string().min(1),
  hint: z.optional(z.string()),
  index: z.optional(z.int().min(0)),
  property: z.optional(z.string()),
});
