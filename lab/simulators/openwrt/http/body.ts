import type { IncomingMessage } from 'node:http';

/** UH_UBUS_MAX_POST_SIZE: bytes. */
export const MAX_BODY = 65_536;

/** The body of a request; null = too long, or the client has gone. What is beyond the limit is not kept. */
export function readBody(request: IncomingMessage): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= MAX_BODY) chunks.push(chunk);
      else resolve(null);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('close', () => resolve(null));
  });
}
