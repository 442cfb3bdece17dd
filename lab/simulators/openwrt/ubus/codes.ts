/** What a method answers beside its data (ubus, ubusmsg.h). */
export const ubusCode = {
  ok: 0,
  invalidArgument: 2,
  methodNotFound: 3,
  notFound: 4,
  noData: 5,
  permissionDenied: 6,
  timeout: 7,
  notSupported: 8,
  unknownError: 9,
} as const;

const WORDS = [
  'Success',
  'Invalid command',
  'Invalid argument',
  'Method not found',
  'Not found',
  'No response',
  'Permission denied',
  'Request timed out',
  'Operation not supported',
  'Unknown error',
  'Connection failed',
  'Out of memory',
  'Parsing message data failed',
  'System error',
];

/** What ubus calls the code in words; only newer forms of the answer hold it. */
export const ubusWords = (code: number): string => WORDS[code] ?? 'Unknown error';
