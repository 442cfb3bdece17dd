import * as z from 'zod';
import type { ErrorCode } from '../../provider/rule/error';
import { MAX_CHANGES, MAX_DESCRIPTION, MAX_ID, MAX_SOURCES, MAX_SPANS } from './limits';
import type { BatchReply, BatchRequest, CountersReply, EntriesReply, StatusReply, WantedWire } from './wire';

/*
 * Requests are strict: an unknown key is an error, since a silently ignored one could open more than was meant.
 * Replies are loose: a newer agent may tell more than we know.
 */

const port = z.int().min(1).max(65535);

const address = z.string().min(2).max(45);

const forward = z.strictObject({
  enabled: z.boolean(),
  traffic: z
    .array(
      z.strictObject({
        protocol: z.enum(['tcp', 'udp']),
        ports: z
          .array(z.strictObject({ from: port, to: port, target: port }))
          .min(1)
          .max(MAX_SPANS),
      }),
    )
    .min(1)
    .max(2),
  wan: z.nullable(z.string().min(1).max(45)),
  target: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('host'), family: z.union([z.literal(4), z.literal(6)]), address }),
    z.strictObject({ kind: z.literal('gateway') }),
  ]),
  sources: z.nullable(z.array(z.string().min(3).max(49)).min(1).max(MAX_SOURCES)),
  hairpin: z.nullable(z.boolean()),
  log: z.boolean(),
  description: z.string().max(MAX_DESCRIPTION),
});

/** A tag in full: it becomes the name of a chain, so nothing else may be in it. */
const tag = z.string().regex(/^pf1_[0-9a-f]{16}_[0-9a-f]{8}_(0|[1-9][0-9]{0,4})$/);

const handle = z.string().min(1).max(200);

export const wantedSchema: z.ZodType<WantedWire> = z.strictObject({
  tag,
  id: z.string().min(3).max(MAX_ID),
  forward,
});

export const batchSchema: z.ZodType<BatchRequest> = z.strictObject({
  changes: z
    .array(
      z.discriminatedUnion('op', [
        z.strictObject({ op: z.literal('add'), wanted: wantedSchema }),
        z.strictObject({ op: z.literal('edit'), handle, wanted: wantedSchema }),
        z.strictObject({ op: z.literal('remove'), handle }),
      ]),
    )
    .min(1)
    .max(MAX_CHANGES),
});

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
