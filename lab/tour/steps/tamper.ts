import { quickstart } from '../quickstart';
import type { Step } from '../step';

export const tamper: Step = {
  name: 'tamper',
  title: 'Somebody changes the rule on the gateway, behind our back',
  async play({ world, did, prove }) {
    did(await world.tamper());
    const visit = await world.visit('client', quickstart.externalPort);
    prove(
      'the client now reaches another machine',
      visit.answeredBy?.startsWith('desk:') ?? false,
      visit.detail,
    );
  },
};
