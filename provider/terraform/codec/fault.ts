import { PortforwardError } from '../../rule/error';

/** Whose mistake it is when a value does not fit: the engine's, the stored state's, or our own. */
export type Side = 'engine' | 'state' | 'provider';

const SUMMARY: Readonly<Record<Side, string>> = {
  engine: 'The engine sent a value that cannot be read',
  state: 'The stored state cannot be read',
  provider: 'The provider made a value that does not fit its schema',
};

const HINT: Readonly<Record<Side, string>> = {
  engine: 'The engine may hold the schema of another version of the provider: terraform init -upgrade.',
  state: 'Was it edited by hand, or cut short? The engine keeps the one before beside it.',
  provider: 'This is a bug of the provider: please report it.',
};

/** `fault` names places and kinds of values, never a value: it may be a secret. */
export function unreadable(side: Side, fault: string): PortforwardError {
  return new PortforwardError('internal', `${SUMMARY[side]}: ${fault}.`, { hint: HINT[side] });
}
