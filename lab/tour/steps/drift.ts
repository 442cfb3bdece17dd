import { addresses } from '../../namespaces/network';
import { quickstart } from '../quickstart';
import type { Step } from '../step';

export const drift: Step = {
  name: 'drift',
  title: 'Drift: the program against the live gateway, property by property',
  async play({ world, engine, ran, prove }) {
    const { output } = await ran(engine.drift());
    const line = output.split('\n').find((text) => text.includes('internalAddress')) ?? '';
    prove('the property that differs is named, with both values', showsBoth(line), line.trim());
    const visit = await world.visit('client', quickstart.externalPort);
    prove('looking has changed nothing', visit.answeredBy?.startsWith('desk:') ?? false, visit.detail);
  },
};

function showsBoth(line: string): boolean {
  return line.includes(addresses.desk.lan) && line.includes(addresses.server.lan);
}
