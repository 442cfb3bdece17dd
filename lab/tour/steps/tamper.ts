import type { Step } from '../step';

export const tamper: Step = {
  name: 'tamper',
  title: 'Somebody changes the rule on the gateway, behind our back',
  async play({ world, did, prove }) {
    const { tampering, example } = world;
    did(await tampering.act());
    const visit = await world.visit('client', example.externalPort);
    prove(tampering.claim, visit.answeredBy === tampering.answeredBy, visit.detail);
  },
};
