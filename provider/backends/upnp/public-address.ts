import { type AddressClass, classify, parseAddress } from '../../rule/address';
import type { Problem } from '../backend';

/** What a gateway's WAN side is like: its address as it tells it ('' = none), and its state. */
export interface WanState {
  readonly address: string;
  /** `Connected` …; '' = not told. */
  readonly status: string;
}

/** Whether the internet can reach it there. */
export function isPublic({ address }: WanState): boolean {
  return kindOf(address) === 'global';
}

/** Whether it says that it is connected, or says nothing. */
export function isUp({ status }: WanState): boolean {
  return status === '' || /^(connected|up)$/i.test(status);
}

/** Why nobody on the internet can reach the gateway, in words for one cell of a table; null = nothing is known against it. */
export function whyUnreachable(state: WanState): string | null {
  const { address, status } = state;
  if (isPublic(state)) return null;
  switch (kindOf(address)) {
    case 'none':
      return isUp(state) ? 'it has no public address' : `it is not connected (${status})`;
    case 'private':
      return `${address} is private: another router stands in front`;
    case 'shared':
      return `${address} is shared by the provider among customers (CGNAT)`;
    default:
      return `${address} is no public address`;
  }
}

/**
 * What is wrong with the WAN side, as a warning in every preview: mappings are made all the same, and may be of use to the
 * network in between; but some gateways refuse them then (miniupnpd with error 501, measured).
 */
export function wanProblems(state: WanState): readonly Problem[] {
  const why = whyUnreachable(state);
  const problems: Problem[] = [];
  if (why !== null)
    problems.push({
      code: CODES[kindOf(state.address)] ?? 'wan-no-address',
      fatal: false,
      message: `Nobody on the internet reaches it over IPv4: ${why}.`,
      hint: HINTS[kindOf(state.address)] ?? 'See on its own pages whether its connection is up.',
    });
  else if (!isUp(state))
    problems.push({
      code: 'wan-down',
      fatal: false,
      message: `Its internet connection is down (${state.status}).`,
      hint: 'Mappings can be made, and work when it is up again.',
    });
  return problems;
}

type Kind = AddressClass | 'none';

function kindOf(text: string): Kind {
  const address = parseAddress(text);
  if (!address) return 'none';
  const kind = classify(address);
  return kind === 'unspecified' ? 'none' : kind;
}

const CODES: Partial<Record<Kind, string>> = { private: 'wan-private', shared: 'wan-cgnat' };

const HINTS: Partial<Record<Kind, string>> = {
  private: 'Forward the same ports on the router in front, or put that one into bridge mode.',
  shared: 'Ask the provider for a public address, or open IPv6 pinholes.',
};
