import { addresses } from '../namespaces/network';
import type { ExtraRule } from './engine';

/** What the story relies on of the program in examples/quickstart. A test compares the two. */
export const quickstart = {
  rule: 'web',
  externalPort: 443,
  internalAddress: addresses.server.lan,
  internalPort: 8443,
  /** Holds the client, not the stranger. */
  sources: ['203.0.113.0/26'],
} as const;

/** A rule that takes a port of the quickstart's: refused before anything is applied. */
export const conflicting: ExtraRule = {
  name: 'web-again',
  externalPort: '440-450',
  internalAddress: addresses.desk.lan,
};
