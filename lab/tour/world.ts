import type { RunProgram } from './engine';
import type { Example } from './examples';
import type { LeftOut } from './left-out';

/** Whether packets moved, or a table answered for them. */
export type Mode = 'real' | 'simulated';

/** What somebody on the internet got when connecting to the gateway's public address. */
export interface Visit {
  /** The host and port that answered: `server:443`; null = nobody. */
  readonly answeredBy: string | null;
  /** One sentence fragment for people. */
  readonly detail: string;
}

/** Where the story plays: a gateway, and the networks on both sides of it. */
export interface World {
  readonly mode: Mode;
  /** What it is, for the first line: a part of a sentence, perhaps more after it, without the last full stop. */
  readonly title: string;
  /** The project that the engine applies. */
  readonly example: Example;
  /** What that project must be told, by the names of its configuration. */
  readonly settings: Readonly<Record<string, string>>;
  /** For every program that speaks with the gateway: its credential. */
  readonly environment: Readonly<Record<string, string>>;
  /** A directory for the engine's project and state; gone afterwards. */
  readonly directory: string;
  /** Runs a program where the engine lives. */
  readonly run: RunProgram;
  /** Connects from outside to a port of the public address. */
  visit(from: Visitor, port: number): Promise<Visit>;
  /** A LAN host's own connection to that port of a site on the internet, opened once: does it live? Null = no packets. */
  bystander(port: number): Promise<Bystander | null>;
  readonly tampering: Tampering;
  readonly loss: Loss;
  readonly obstacle: Obstacle | LeftOut;
  /** Everything on the gateway that is not ours, as text, to compare. */
  foreign(): Promise<string>;
  stop(): Promise<void>;
}

/** `client` is within the rule's sources, `stranger` is not. */
export type Visitor = 'client' | 'stranger';

/** Somebody else's connection. */
export interface Bystander {
  readonly alive: boolean;
  readonly detail: string;
}

/** Somebody sends the server's connections elsewhere, behind our back. */
export interface Tampering {
  /** Does it. Returns what was typed. */
  act(): Promise<string>;
  /** What a client notices. */
  readonly claim: string;
  /** Who answers now: `desk:8443`. */
  readonly answeredBy: string;
  /** What drift must name: the property in camel case, and both values. */
  readonly property: string;
  readonly live: string;
  readonly declared: string;
}

/** What takes forwards away from such a gateway now and then. */
export interface Loss {
  /** The step's title. */
  readonly title: string;
  /** Lets it happen. Returns what was typed. */
  strike(): Promise<string>;
  /** What brings them back with no engine run, and whether it did in time; null = the next apply has to. */
  readonly recovery: { readonly claim: string; done(): Promise<boolean> } | null;
}

/** A firewall that drops what is forwarded, and what the doctor says about it. */
export interface Obstacle {
  /** The step's title. */
  readonly title: string;
  /** Puts it in the way. Returns what was typed. */
  place(): Promise<string>;
  /** How the doctor finds the gateway. */
  readonly doctor: readonly string[];
  /** What the doctor has to tell. */
  readonly claim: string;
  /** That, in what it printed; null = it told something else. */
  told(report: string): string | null;
  /** Lets the forward through, as told. Returns what was typed. */
  clear(told: string): Promise<string>;
}
