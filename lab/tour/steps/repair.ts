import type { Step } from '../step';
import { proveForward } from './apply';

export const repair: Step = {
  name: 'repair',
  title: 'Apply again: repaired',
  async play(stage) {
    await stage.ran(stage.engine.up({ refresh: true }));
    await proveForward(stage);
  },
};
