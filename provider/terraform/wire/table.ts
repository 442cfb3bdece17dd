/** The parts of a protocol table, in the JSON form that protobuf libraries read. */

export interface Field {
  readonly type: string;
  readonly id: number;
  readonly rule?: 'repeated';
  readonly keyType?: 'string';
}

export interface Message {
  readonly fields: Readonly<Record<string, Field>>;
  readonly oneofs?: Readonly<Record<string, { oneof: string[] }>>;
  readonly nested?: Parts;
}

export interface Enumeration {
  readonly values: Readonly<Record<string, number>>;
}

export interface Method {
  readonly requestType: string;
  readonly responseType: string;
  readonly requestStream?: true;
  readonly responseStream?: true;
}

export interface Service {
  readonly methods: Readonly<Record<string, Method>>;
}

/** A package, or what is named inside a message. */
export interface Namespace {
  readonly nested: Parts;
}

export type Parts = { readonly [name: string]: Message | Enumeration | Service | Namespace };

export const one = (type: string, id: number): Field => ({ type, id });
export const many = (type: string, id: number): Field => ({ rule: 'repeated', type, id });
/** A map from text to `type`. */
export const map = (type: string, id: number): Field => ({ keyType: 'string', type, id });

export const message = (fields: Message['fields'], nested: Parts = {}): Message => ({ fields, nested });

/** An enumeration whose names count from 0. */
export const names = (...values: string[]): Enumeration => ({
  values: Object.fromEntries(values.map((name, value) => [name, value])),
});

/** What one call sends and gets, as the messages `Request` and `Response` under its own name. */
export const exchange = (
  request: Message['fields'],
  response: Message['fields'],
  nested: Parts = {},
): Namespace => ({ nested: { Request: message(request), Response: message(response), ...nested } });

export const call = (
  requestType: string,
  responseType: string,
  streams: { requestStream?: true; responseStream?: true } = {},
): Method => ({ requestType, responseType, ...streams });
