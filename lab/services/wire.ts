/** What a station understands: one JSON object a line, each answered by `{ id, result }` or `{ id, error }`. */
export type StationRequest =
  | { readonly op: 'greet'; readonly port: number; readonly address?: string }
  | { readonly op: 'echo'; readonly port: number; readonly address?: string }
  | {
      readonly op: 'ftp';
      readonly port: number;
      readonly url: string;
      readonly from: number;
      readonly to: number;
    }
  | { readonly op: 'silence'; readonly port: number }
  | ({ readonly op: 'tcp' } & Call & { readonly hold?: boolean })
  | ({ readonly op: 'udp' } & Call & { readonly text?: string })
  | ({ readonly op: 'fetch' } & Call)
  | { readonly op: 'say'; readonly connection: number; readonly text: string; readonly timeout?: number }
  | { readonly op: 'hear'; readonly connection: number; readonly timeout?: number }
  | { readonly op: 'speak'; readonly port: number; readonly text: string }
  | { readonly op: 'drop'; readonly connection: number };

/** A call to somewhere else. */
export interface Call {
  readonly to: string;
  readonly port: number;
  /** Own address to call from. Default: what routing chooses. */
  readonly from?: string;
  /** Own port to call from. Default: any free one. */
  readonly fromPort?: number;
  /** Milliseconds until it counts as unanswered. Default 5000. */
  readonly timeout?: number;
}

/** What came of a call. `connection` = how to speak on, when it was to be held. */
export type Reply =
  | { readonly ok: true; readonly text: string; readonly connection?: number }
  | {
      readonly ok: false;
      readonly reason: 'silent' | 'refused' | 'unreachable' | 'closed';
      readonly text: string;
    };
