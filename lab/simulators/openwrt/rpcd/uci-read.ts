import type { Arguments } from '../ubus/arguments';
import type { Methods, Reply } from '../ubus/bus';
import { ubusCode } from '../ubus/codes';
import { listed } from '../uci/change';
import type { UciSection } from '../uci/package';
import { may, type UciContext, view } from './uci-context';
import { matches } from './uci-match';

/** The methods of `uci` that only read. */
export function readMethods(context: UciContext): Methods {
  return {
    configs: { args: {}, run: () => [ubusCode.ok, { configs: context.files.configs }] },
    get: {
      args: { config: 'string', section: 'string', option: 'string', type: 'string', match: 'object' },
      run: (args, sid) => get(context, args, sid),
    },
    changes: { args: { config: 'string' }, run: ({ config }, sid) => changes(context, config, sid) },
  };
}

function get(context: UciContext, args: Arguments, sid: string): Reply {
  const { config, section: reference, option } = args;
  if (typeof config !== 'string') return [ubusCode.invalidArgument];
  if (!may(context, sid, 'read', config)) return [ubusCode.permissionDenied];
  const uci = view(context, sid, config);
  if (typeof uci === 'number') return [uci];
  if (typeof reference !== 'string') {
    const fitting = uci.sections
      .map((section, index) => ({ section, index }))
      .filter(({ section }) => matches(section, args));
    const values = fitting.map(({ section, index }) => [section.name, told(section, index)]);
    return [ubusCode.ok, { values: Object.fromEntries(values) }];
  }
  const section = uci.find(reference);
  // What is not there is no failure: rpcd forgets libuci's error before it answers.
  if (!section) return [ubusCode.ok];
  if (typeof option !== 'string') return [ubusCode.ok, { values: told(section) }];
  const value = section.options.get(option);
  return value === undefined ? [ubusCode.ok] : [ubusCode.ok, { value }];
}

function told({ name, type, anonymous, options }: UciSection, index?: number): Record<string, unknown> {
  return {
    '.anonymous': anonymous,
    '.type': type,
    '.name': name,
    ...(index === undefined ? {} : { '.index': index }),
    ...Object.fromEntries(options),
  };
}

/** Of one configuration a list, of all of them a table. */
function changes(context: UciContext, config: unknown, sid: string): Reply {
  if (typeof config === 'string') {
    if (!may(context, sid, 'read', config)) return [ubusCode.permissionDenied];
    const uci = view(context, sid, config);
    if (typeof uci === 'number') return [uci];
    return [ubusCode.ok, { changes: context.staging.changes(sid, config).map(listed) }];
  }
  const readable = context.staging.configs(sid).filter((name) => may(context, sid, 'read', name));
  const staged = readable.map((name) => [name, context.staging.changes(sid, name).map(listed)]);
  return [ubusCode.ok, { changes: Object.fromEntries(staged) }];
}
