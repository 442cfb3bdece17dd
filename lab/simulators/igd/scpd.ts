import type { Service } from './device';
import { serviceActions, typeOf, variableOf } from './services';
import { element } from './xml';

/** What a service can do: UPnP Device Architecture 1.1, section 2.5. */
export function describeActions({ type }: Service): string {
  const actions = serviceActions[type] ?? [];
  const argument = (direction: 'in' | 'out') => (name: string) =>
    `<argument>${element('name', name)}${element('direction', direction)}` +
    `${element('relatedStateVariable', variableOf(name))}</argument>`;
  const names = new Set(actions.flatMap(({ takes, gives }) => [...takes, ...gives]).map(variableOf));
  const variables = [...names].map(
    (name) =>
      `<stateVariable sendEvents="no">${element('name', name)}${element('dataType', typeOf(name))}</stateVariable>`,
  );
  const lines = actions.map(
    ({ name, takes, gives }) =>
      `<action>${element('name', name)}<argumentList>` +
      `${[...takes.map(argument('in')), ...gives.map(argument('out'))].join('')}</argumentList></action>`,
  );
  return (
    '<?xml version="1.0"?>\r\n<scpd xmlns="urn:schemas-upnp-org:service-1-0">' +
    '<specVersion><major>1</major><minor>1</minor></specVersion>' +
    `<actionList>${lines.join('')}</actionList><serviceStateTable>${variables.join('')}</serviceStateTable></scpd>\r\n`
  );
}
