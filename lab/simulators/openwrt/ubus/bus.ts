import { type Arguments, type ArgumentType, seen } from './arguments';
import { ubusCode } from './codes';

/** A code, and the data where there are any. */
export type Reply = readonly [code: number, data?: Readonly<Record<string, unknown>>];

export interface Method {
  readonly args: Readonly<Record<string, ArgumentType>>;
  readonly run: (args: Arguments, sid: string) => Reply;
}

export type Methods = Readonly<Record<string, Method>>;

/** The objects that can be called by name. */
export class Bus {
  private readonly objects = new Map<string, Methods>();

  add(name: string, methods: Methods): void {
    this.objects.set(name, methods);
  }

  has(object: string): boolean {
    return this.objects.has(object);
  }

  call(object: string, method: string, args: Arguments, sid: string): Reply {
    const known = this.objects.get(object)?.[method];
    return known ? known.run(seen(args, known.args), sid) : [ubusCode.methodNotFound];
  }

  get names(): readonly string[] {
    return [...this.objects.keys()].sort();
  }

  /** What each method of an object asks for. A name may end in `*`. */
  signatures(pattern: string): Record<string, unknown> {
    const fits = (name: string): boolean =>
      pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
    return Object.fromEntries(this.names.filter(fits).map((name) => [name, this.signature(name)]));
  }

  private signature(object: string): Record<string, unknown> {
    const methods = Object.entries(this.objects.get(object) ?? {});
    return Object.fromEntries(methods.map(([name, { args }]) => [name, args]));
  }
}
