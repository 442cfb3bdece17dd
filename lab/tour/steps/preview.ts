import type { Step } from '../step';
import { proveBystander } from './bystander';

export const preview: Step = {
  name: 'preview',
  title: 'Preview: what would change, with nothing changed',
  async play(stage) {
    const { world, engine, ran, prove } = stage;
    const { rule, externalPort } = world.example;
    const { output } = await ran(engine.preview());
    prove('the preview names the rule', output.includes(rule));
    const visit = await world.visit('client', externalPort);
    prove('nobody on the internet reaches the server yet', visit.answeredBy === null, visit.detail);
    await proveBystander(stage, 'a LAN machine has a connection of its own to that port of a site outside');
  },
};
