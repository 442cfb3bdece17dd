import type { Step } from '../step';
import { proveForward } from './apply';

export const heal: Step = {
  name: 'heal',
  title: ({ loss }) => loss.title,
  async play(stage) {
    const { world, engine, did, ran, prove } = stage;
    const { strike, recovery } = world.loss;
    did(await strike());
    if (recovery) prove(recovery.claim, await recovery.done());
    else {
      const visit = await world.visit('client', world.example.externalPort);
      prove('the client reaches nobody', visit.answeredBy === null, visit.detail);
      await ran(engine.up({ refresh: true }));
    }
    await proveForward(stage);
  },
};
