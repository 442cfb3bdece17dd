import { addresses } from '../namespaces/network';
import type { ExtraRule } from './engine';
import type { LeftOut } from './left-out';

/** What the story relies on of a project in examples/. A test compares the two. */
export interface Example {
  /** Directories below the package's root: for Pulumi, and for engines that read HCL. */
  readonly pulumi: string;
  readonly hcl: string;
  readonly rule: string;
  readonly externalPort: number;
  readonly internalAddress: string;
  readonly internalPort: number;
  /** They hold the client, not the stranger. */
  readonly sources: readonly string[] | LeftOut;
  /** A rule that takes a port of it: refused before anything is applied. */
  readonly conflicting: ExtraRule;
  /** What to do after the tour, in one sentence. */
  readonly next: string;
}

const web = {
  rule: 'web',
  externalPort: 443,
  internalAddress: addresses.server.lan,
  internalPort: 8443,
  sources: ['203.0.113.0/26'],
  conflicting: { name: 'web-again', externalPort: '440-450', internalAddress: addresses.desk.lan },
} as const;

export const quickstart = {
  ...web,
  pulumi: 'examples/quickstart',
  hcl: 'examples/quickstart-terraform',
  next: 'Try it by hand: `npx portforward lab up`.',
} as const satisfies Example;

export const openwrt = {
  ...web,
  pulumi: 'examples/gateways/openwrt',
  hcl: 'examples/gateways/openwrt',
  next: 'On your own router: examples/gateways/openwrt/README.md.',
} as const satisfies Example;

export const upnp = {
  ...web,
  pulumi: 'examples/gateways/upnp',
  hcl: 'examples/gateways/upnp',
  next: 'On your own router: examples/gateways/upnp/README.md.',
  // Many routers keep lower ports to themselves.
  externalPort: 8443,
  internalPort: 443,
  sources: {
    leftOut:
      'This router never shows who may connect, so a rule with `sources` is refused there: everyone may.',
  },
  conflicting: { name: 'web-again', externalPort: '8440-8450', internalAddress: addresses.server.lan },
} as const satisfies Example;
