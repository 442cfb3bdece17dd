import type { RunProgram } from './engine';

/** Whether packets moved, or a table in memory answered for them. */
export type Mode = 'real' | 'simulated';

/** What somebody on the internet got when connecting to the gateway's public address. */
export interface Visit {
  /** The host and port that answered: `server:443`; null = nobody. */
  readonly answeredBy: string | null;
  /** One sentence fragment for people. */
  readonly detail: string;
}

/** Where the story plays: the lab with real packets, or the agent with a table in memory. */
export interface World {
  readonly mode: Mode;
  /** What it is, for the first line. */
  readonly title: string;
  /** The agent's socket. */
  readonly socket: string;
  /** A directory for the engine's project and state; gone afterwards. */
  readonly directory: string;
  /** Runs a program in the LAN. */
  readonly run: RunProgram;
  /** Connects from outside to a port of the public address. */
  visit(from: Visitor, port: number): Promise<Visit>;
  /** A LAN host's own connection to that port of a site on the internet, opened once: does it live? Null = no packets. */
  bystander(port: number): Promise<Bystander | null>;
  /** Somebody with root sends the server's connections to another host, behind our back. Returns what was typed. */
  tamper(): Promise<string>;
  /** Somebody reloads the host's own firewall file, which begins with `flush ruleset`. Returns what was typed. */
  flush(): Promise<string>;
  /** Resolves when the agent has mended a flush; false when it did not in time. */
  healed(): Promise<boolean>;
  /** A host firewall that drops what nobody let through, or none. Returns what was typed. */
  block(): Promise<string>;
  /** Adds one line to the host's firewall. Returns what was typed. */
  admit(line: string): Promise<string>;
  /** Every table that is not ours, as text, to compare. */
  foreign(): Promise<string>;
  stop(): Promise<void>;
}

/** Somebody else's connection. */
export interface Bystander {
  readonly alive: boolean;
  readonly detail: string;
}

/** `client` is within the rule's sources, `stranger` is not. */
export type Visitor = 'client' | 'stranger';
