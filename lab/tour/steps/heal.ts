import type { Step } from '../step';
import { proveForward } from './apply';

export const heal: Step = {
  name: 'heal',
  title: "The host's own firewall file is reloaded, and flushes everything: it heals by itself",
  async play(stage) {
    const { world, did, prove } = stage;
    did(await world.flush());
    prove('the agent has restored its table, with no engine run', await world.healed());
    await proveForward(stage);
  },
};
