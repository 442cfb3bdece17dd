import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FtpOptions {
  readonly port: number;
  /** The address that the server tells clients for passive transfers: the gateway's public one. */
  readonly url: string;
  /** Its passive range, both ends included. */
  readonly from: number;
  readonly to: number;
}

/** What a transfer brings. */
export const FTP_FILE = 'hello.txt';
export const FTP_TEXT = 'a file from the LAN\n';

/** A real FTP server with one file, for anonymous users. Needs the npm package `ftp-srv`, which only tests install. */
export async function startFtp(options: FtpOptions): Promise<void> {
  const { FtpSrv } = await import('ftp-srv');
  const root = mkdtempSync(join(process.cwd(), 'ftp-'));
  writeFileSync(join(root, FTP_FILE), FTP_TEXT);
  const server = new FtpSrv({
    url: `ftp://0.0.0.0:${options.port}`,
    pasv_url: options.url,
    pasv_min: options.from,
    pasv_max: options.to,
    anonymous: true,
  });
  server.on('login', (_data, resolve) => resolve({ root }));
  await server.listen();
}
