import type { DynamicProcess, Props } from '../../support/dynamic-process';
import type { Action, Program } from '../case';
import type { Ended, Planned } from './door';
import type { Providers } from './provider-processes';

/** A rule in the state. */
export interface Resource {
  /** The name of the gateway in the program. */
  readonly gateway: string;
  readonly id: string;
  readonly outs: Props;
  readonly inputs: Props;
}

export type State = ReadonlyMap<string, Resource>;

/** What a command works with. */
export interface Course {
  readonly providers: Providers;
  readonly program: Program;
  /** The name of the gateway that the program declares. */
  readonly gateway: string;
  /** What the program says of a rule, as far as it is known. */
  readonly news: (address: string) => Props;
  /** True once the user has interrupted: nothing more is begun. */
  readonly cancelled: () => boolean;
}

/** The state with what is on the gateways; what is gone is left out. */
export async function refreshed(providers: Providers, state: State): Promise<State> {
  const read = [...state].map(async ([address, { gateway, id, outs }]) => {
    const provider = await providers(gateway);
    return { address, gateway, ...(await provider.read(id, outs)) };
  });
  const found = (await Promise.all(read)).filter(({ id }) => id !== '');
  return new Map(
    found.map(({ address, inputs: { __provider: _, ...inputs }, ...resource }) => [
      address,
      { ...resource, inputs },
    ]),
  );
}

/** What a plan shows of a decision. */
export async function decided(course: Course, seen: State): Promise<Planned> {
  const decision = await decide(course, seen);
  return 'refused' in decision ? decision : { changes: decision.changes };
}

interface Decision {
  readonly changes: Readonly<Record<string, Action>>;
  /** Rules of which the provider wants the replacement before the old one goes. */
  readonly createdFirst: ReadonlySet<string>;
}

/** Check and diff of every rule: what is to be done with each. */
async function decide(
  { providers, program, gateway, news }: Course,
  seen: State,
): Promise<Decision | { readonly refused: string }> {
  const provider = await providers(gateway);
  const changes: Record<string, Action> = {};
  const createdFirst = new Set<string>();
  for (const address of Object.keys(program)) {
    const [old, wanted] = [seen.get(address), news(address)];
    const { failures } = await provider.check(old?.inputs ?? {}, wanted);
    const reasons = Object.entries(failures).map(([property, reason]) => `${property}: ${reason}`);
    if (reasons.length > 0) return { refused: reasons.join('\n') };
    const { action, deleteFirst } = old
      ? await compared(provider, old, wanted)
      : { action: 'create' as const, deleteFirst: true };
    if (action === 'replace') await provider.check({}, wanted);
    if (action !== 'same') changes[address] = action;
    if (!deleteFirst) createdFirst.add(address);
  }
  for (const address of seen.keys()) if (!(address in program)) changes[address] = 'delete';
  return { changes, createdFirst };
}

/** An `up` with a refresh: everything at once, but for what waits for another rule, and deletions last. `state` follows. */
export async function applied(course: Course, state: Map<string, Resource>): Promise<Ended> {
  const { program, cancelled } = course;
  const seen = await refreshed(course.providers, state);
  state.clear();
  for (const [address, resource] of seen) state.set(address, resource);
  const decision = await decide(course, seen);
  if ('refused' in decision) return decision.refused;
  const { changes, createdFirst } = decision;
  const failures: string[] = [];
  const begun = new Map<string, Promise<boolean>>();
  const step = (address: string, action: Action): Promise<boolean> => {
    const work = async (): Promise<boolean> => {
      const { after } = program[address] ?? {};
      if (after !== undefined && !(await (begun.get(after) ?? true))) return false;
      if (cancelled()) return false;
      return done(course, state, address, action, createdFirst.has(address)).then(
        () => true,
        (error: Error) => {
          failures.push(error.message);
          return false;
        },
      );
    };
    const going = work();
    begun.set(address, going);
    return going;
  };
  const all = Object.entries(changes);
  const deletions = all.filter(([, action]) => action === 'delete');
  await Promise.all(all.filter(([, action]) => action !== 'delete').map((one) => step(...one)));
  await Promise.all(deletions.map((one) => step(...one)));
  return failures.length > 0 ? failures.join('\n') : null;
}

async function done(
  { providers, gateway, news }: Course,
  state: Map<string, Resource>,
  address: string,
  action: Action,
  createdFirst: boolean,
): Promise<void> {
  const old = state.get(address);
  const remove = async ({ gateway: from, id, outs }: Resource) => (await providers(from)).delete(id, outs);
  if (old && (action === 'delete' || (action === 'replace' && !createdFirst))) {
    await remove(old);
    state.delete(address);
  }
  if (action === 'delete') return;
  const [provider, inputs] = [await providers(gateway), news(address)];
  const made =
    old && action === 'update'
      ? { id: old.id, outs: await provider.update(old.id, old.outs, inputs) }
      : await provider.create(inputs);
  state.set(address, { gateway, inputs, ...made });
  if (old && action === 'replace' && createdFirst) await remove(old);
}

interface Compared {
  readonly action: 'update' | 'replace' | 'same';
  readonly deleteFirst: boolean;
}

/** Where the provider leaves it open, the engine compares the inputs. */
async function compared(provider: DynamicProcess, old: Resource, wanted: Props): Promise<Compared> {
  const { changes, replaces, deleteFirst } = await provider.diff(old.id, old.outs, wanted);
  if (replaces.length > 0) return { action: 'replace', deleteFirst };
  const same = changes === 'none' || (changes !== 'some' && alike(old.inputs, wanted));
  return { action: same ? 'same' : 'update', deleteFirst: true };
}

function alike(a: Props, b: Props): boolean {
  const text = (props: Props) => JSON.stringify(Object.entries(props).sort(([x], [y]) => x.localeCompare(y)));
  return text(a) === text(b);
}
