import type { Step } from '../step';
import { proveForward } from './apply';

export const conflict: Step = {
  name: 'conflict',
  title: 'A second rule wants the same port: refused before anything changes',
  async play(stage) {
    const { world, engine, did, ran, prove } = stage;
    const { rule, conflicting } = world.example;
    did(`(in the program) ${await engine.declare(conflicting)}`);
    const { output } = await ran(engine.preview(), 'failure');
    await engine.withdraw();
    prove('the refusal names both rules', output.includes(conflicting.name) && output.includes(`"${rule}"`));
    await proveForward(stage);
  },
};
