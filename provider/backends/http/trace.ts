import { appendFileSync } from 'node:fs';

/** The environment variable that names the file which every exchange is appended to, for hunting errors. */
export const TRACE_VARIABLE = 'PORTFORWARD_TRACE';
/** Characters of a body that are kept. */
const MOST = 4_000;
/** Shorter ones would blank half of every text. */
const SHORTEST_SECRET = 3;
const SECRET_HEADERS = /^(authorization|cookie|set-cookie|x-api-key|x-csrf-token|proxy-authorization)$/i;
/** Values of JSON members and form fields whose names say that they are secret. */
const SECRET_FIELDS =
  /("[^"]*(?:password|passwd|secret|token|session|api_?key|psk)[^"]*"\s*:\s*)("(?:[^"\\]|\\.)*"|[^,}\s]+)/gi;
const REMOVED = '[removed]';

/**
 * Writes what is said to a gateway, and what it answers, with every secret taken out: by value for those that are known
 * (`hide`), and by the name of the header or field for those that a device makes up.
 */
export class Trace {
  private readonly hidden = new Set<string>();

  constructor(private readonly file: string | undefined) {}

  get on(): boolean {
    return this.file !== undefined && this.file !== '';
  }

  /** This value is never written from now on. */
  hide(secret: string): void {
    if (secret.length >= SHORTEST_SECRET) this.hidden.add(secret);
  }

  write(line: string, headers: Readonly<Record<string, string>>, body: string): void {
    if (!this.on || this.file === undefined) return;
    const kept = Object.entries(headers).map(
      ([name, value]) => `  ${name}: ${SECRET_HEADERS.test(name) ? REMOVED : value}\n`,
    );
    const cut = body.length > MOST ? `${body.slice(0, MOST)} … (${body.length} characters)` : body;
    const text = `${new Date().toISOString()} ${line}\n${kept.join('')}${cut === '' ? '' : `  ${cut}\n`}`;
    try {
      appendFileSync(this.file, this.clean(text), { mode: 0o600 });
    } catch {
      // Whoever cannot write a trace can still forward ports.
    }
  }

  private clean(text: string): string {
    let clean = text.replace(SECRET_FIELDS, (_, name: string) => `${name}"${REMOVED}"`);
    for (const secret of this.hidden)
      for (const form of new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]))
        clean = clean.replaceAll(form, REMOVED);
    return clean;
  }
}
