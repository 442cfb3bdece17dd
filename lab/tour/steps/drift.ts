import { addresses } from '../../namespaces/network';
import { quickstart } from '../quickstart';
import type { Step } from '../step';

export const drift: Step = {
  name: 'drift',
  title: 'Drift: the program against the live gateway, property by property',
  async play({ world, engine, ran, prove }) {
    const { output } = await ran(engine.drift());
    const line = output.split('\n').find(tells) ?? '';
    prove('the property that differs is named, with both values', line !== '', line.trim());
    const visit = await world.visit('client', quickstart.externalPort);
    prove('looking has changed nothing', visit.answeredBy?.startsWith('desk:') ?? false, visit.detail);
  },
};

/** The property as either engine spells it, what it is and what it should be. */
function tells(line: string): boolean {
  return (
    /internal(Address|_address)/.test(line) &&
    line.includes(addresses.desk.lan) &&
    line.includes(addresses.server.lan)
  );
}
