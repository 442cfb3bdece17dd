import { isTable } from './ubus/arguments';

/** What a later version might add. */
const NEWS = { x_future: { since: '99.99', list: [1, 'two', null], nothing: null } };

/** The same answer with fields that nobody knows, in everything but the sections of a configuration. */
export function withUnknownFields(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(withUnknownFields);
  if (!isTable(answer)) return answer;
  const { result } = answer;
  if (Array.isArray(result) && isTable(result[1])) {
    return { ...answer, result: [result[0], dressed(result[1])], ...NEWS };
  }
  return { ...answer, ...(isTable(result) ? { result: dressed(result) } : {}), ...NEWS };
}

function dressed(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const list = data.interface;
  return {
    ...data,
    ...(Array.isArray(list) ? { interface: list.map((one) => ({ ...one, ...NEWS })) } : {}),
    ...NEWS,
  };
}
