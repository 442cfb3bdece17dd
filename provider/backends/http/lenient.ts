import { type IncomingMessage, request } from 'node:http';

/** One exchange over a connection of its own. */
export interface Exchange {
  /** `http://host:port`. Never https: what proves a device over TLS is not repeated here. */
  readonly origin: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly localAddress?: string;
  /** Bytes of an answer that are accepted. */
  readonly maxAnswer: number;
  readonly signal: AbortSignal;
}

/** As undici gives it, whose codes the errors have too. */
export interface LenientAnswer {
  readonly statusCode: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

/** Whether undici failed because the answer breaks the grammar of HTTP, and not because there was none. */
export function breaksHttp(error: unknown): boolean {
  const { name, code } = (error ?? {}) as { readonly name?: unknown; readonly code?: unknown };
  if (typeof code !== 'string') return name === 'HTTPParserError';
  // What is wrong after a Content-Length undici reports as a wrong length, whatever it is (measured with a folded header).
  return (
    name === 'HTTPParserError' || code.startsWith('HPE_') || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'
  );
}

/**
 * The same exchange with Node's own parser in its lenient mode. Old routers end lines with a bare line feed, fold headers or
 * put control characters into them, send a length beside chunks; undici refuses all of that, this takes it (measured).
 * That mode lets answers be smuggled in behind others, so the connection serves this one exchange.
 */
export function exchangeLeniently(exchange: Exchange): Promise<LenientAnswer> {
  const { origin, method, path, headers, body, localAddress, maxAnswer, signal } = exchange;
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(path, origin),
      {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
        insecureHTTPParser: true,
        agent: false,
        signal,
        ...(localAddress === undefined ? {} : { localAddress }),
      },
      (answer) => {
        collect(answer, maxAnswer).then(
          (text) => resolve({ statusCode: answer.statusCode ?? 0, headers: answer.headers, text }),
          (error) => {
            sent.destroy();
            reject(error);
          },
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

async function collect(answer: IncomingMessage, most: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > most)
      throw Object.assign(new Error('the answer is too long'), { code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
