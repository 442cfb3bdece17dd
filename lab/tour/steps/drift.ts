import type { Step } from '../step';
import type { Tampering } from '../world';

export const drift: Step = {
  name: 'drift',
  title: 'Drift: the program against the live gateway, property by property',
  async play({ world, engine, ran, prove }) {
    const { tampering, example } = world;
    const { output } = await ran(engine.drift());
    const line = output.split('\n').find((text) => tells(text, tampering)) ?? '';
    prove('the property that differs is named, with both values', line !== '', line.trim());
    const visit = await world.visit('client', example.externalPort);
    prove('looking has changed nothing', visit.answeredBy === tampering.answeredBy, visit.detail);
  },
};

/** The property as either engine spells it, what it is and what it should be. */
function tells(line: string, { property, live, declared }: Tampering): boolean {
  const spellings = [property, property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
  return (
    spellings.some((name) => line.includes(name)) && [live, declared].every((value) => line.includes(value))
  );
}
