import type { Step } from '../step';
import { proveBystander } from './bystander';

export const destroy: Step = {
  name: 'destroy',
  title: 'Destroy: nothing of it is left, and nothing of anybody else is touched',
  async play(stage) {
    const { world, engine, ran, prove } = stage;
    const before = await world.foreign();
    await ran(engine.destroy());
    const visit = await world.visit('client', world.example.externalPort);
    prove('the client reaches the server no more', visit.answeredBy === null, visit.detail);
    await proveBystander(stage, "the LAN machine's own connection lived through it all");
    prove('everything on the gateway that is not ours is what it was', (await world.foreign()) === before);
  },
};
