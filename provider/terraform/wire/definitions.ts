import { Root, type Type } from 'protobufjs/light';
import { health, plugin } from './go-plugin';
import type { Service } from './table';
import { tfplugin6 } from './tfplugin6';

/** One call of a service, as gRPC wants it: its path, and how its messages are written and read. */
export interface MethodDefinition {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  // Which messages these are stands in messages.ts.
  readonly requestSerialize: (value: object) => Buffer;
  readonly requestDeserialize: (bytes: Buffer) => object;
  readonly responseSerialize: (value: object) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => object;
}

/** Calls by the names of our handlers: `readResource` for ReadResource. */
export type ServiceDefinition = Readonly<Record<string, MethodDefinition>>;

/*
 * From tables in the code: there is no .proto file to ship. gRPC's usual loader is not used: it describes every message
 * once more at each start (measured: 36 ms of processor time until the first answer, against 10).
 */
const packages = { tfplugin6, plugin, 'grpc.health.v1': health };
const root = new Root();
for (const [name, table] of Object.entries(packages)) root.define(name, table);

/** An absent message arrives as null, absent bytes as an empty Buffer, enumerations by name, versions and counts as number. */
const AS_OBJECT = { longs: Number, enums: String, defaults: true };

function service(pack: keyof typeof packages, name: string): ServiceDefinition {
  const { methods } = packages[pack][name] as Service;
  const calls = Object.entries(methods).map(([method, { requestType, responseType, ...streams }]) => {
    const [request, response] = [
      root.lookupType(`${pack}.${requestType}`),
      root.lookupType(`${pack}.${responseType}`),
    ];
    const definition: MethodDefinition = {
      path: `/${pack}.${name}/${method}`,
      requestStream: streams.requestStream ?? false,
      responseStream: streams.responseStream ?? false,
      requestSerialize: writer(request),
      requestDeserialize: reader(request),
      responseSerialize: writer(response),
      responseDeserialize: reader(response),
    };
    return [method.charAt(0).toLowerCase() + method.slice(1), definition];
  });
  return Object.fromEntries(calls);
}

// Under Node the library's writer makes Buffers.
const writer = (type: Type) => (value: object) => type.encode(type.fromObject(value)).finish() as Buffer;
const reader = (type: Type) => (bytes: Buffer) => type.toObject(type.decode(bytes), AS_OBJECT);

export const providerService = service('tfplugin6', 'Provider');
export const controllerService = service('plugin', 'GRPCController');
export const stdioService = service('plugin', 'GRPCStdio');
export const brokerService = service('plugin', 'GRPCBroker');
export const healthService = service('grpc.health.v1', 'Health');
