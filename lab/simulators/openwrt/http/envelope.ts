import type { Arguments } from '../ubus/arguments';
import { isTable } from '../ubus/arguments';
import type { Reply } from '../ubus/bus';
import { ubusWords } from '../ubus/codes';

/** What goes wrong before a method is called, in the words of uhttpd's ubus plugin. */
export const GATEWAY_ERRORS = {
  parse: [-32700, 'Parse error'],
  method: [-32601, 'Method not found'],
  params: [-32602, 'Invalid parameters'],
  object: [-32000, 'Object not found'],
  access: [-32002, 'Access denied'],
} as const;

export type GatewayError = keyof typeof GATEWAY_ERRORS;

export interface RpcRequest {
  readonly id: unknown;
  readonly method: string;
  readonly params: unknown;
}

export interface RpcCall {
  readonly sid: string;
  readonly object: string;
  readonly method: string;
  readonly args: Arguments;
}

/** A JSON-RPC 2.0 request; null = a parse error, and so is one without its version. */
export function readRequest(value: unknown): RpcRequest | null {
  if (!isTable(value) || value.jsonrpc !== '2.0' || typeof value.method !== 'string') return null;
  return { id: idOf(value), method: value.method, params: value.params };
}

/** Session, object and method as texts, and a table of arguments: all four, or it is a parse error. */
export function readCall(params: unknown): RpcCall | null {
  if (!Array.isArray(params)) return null;
  const [sid, object, method, args] = params as unknown[];
  if (typeof sid !== 'string' || typeof object !== 'string' || typeof method !== 'string') return null;
  return isTable(args) ? { sid, object, method, args } : null;
}

export function idOf(value: unknown): unknown {
  return isTable(value) ? (value.id ?? null) : null;
}

/** `result: [0, {…}]`, or the code alone where there are no data: an error of ubus is no error of JSON-RPC. */
export function classicAnswer(id: unknown, [code, data]: Reply): Record<string, unknown> {
  return { jsonrpc: '2.0', id, result: data === undefined ? [code] : [code, data] };
}

/** As newer versions answer at `/ubus/call/<object>`: the data alone, or ubus' code as an error. */
export function bareAnswer(id: unknown, [code, data]: Reply): Record<string, unknown> {
  if (code !== 0) return { jsonrpc: '2.0', id, error: { code, message: ubusWords(code) } };
  return { jsonrpc: '2.0', id, result: data ?? null };
}

export function errorAnswer(id: unknown, error: GatewayError): Record<string, unknown> {
  const [code, message] = GATEWAY_ERRORS[error];
  return { jsonrpc: '2.0', id, error: { code, message } };
}
