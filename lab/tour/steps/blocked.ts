import { compiled } from '../../namespaces/compiled';
import { isLeftOut } from '../left-out';
import type { Step } from '../step';
import { proveForward } from './apply';

export const blocked: Step = {
  name: 'blocked',
  title: ({ obstacle }) =>
    isLeftOut(obstacle) ? 'A firewall drops what is forwarded: diagnosed' : obstacle.title,
  leftOut: ({ obstacle }) => (isLeftOut(obstacle) ? obstacle : null),
  async play(stage) {
    const { world, did, prove } = stage;
    const { obstacle } = world;
    if (isLeftOut(obstacle)) return;
    did(await obstacle.place());
    const visit = await world.visit('client', world.example.externalPort);
    prove('the client reaches nobody', visit.answeredBy === null, visit.detail);
    const argv = [process.execPath, compiled('provider/cli/main.js'), 'doctor', ...obstacle.doctor];
    const doctor = await world.run(argv, {
      cwd: world.directory,
      env: { ...world.environment, NO_COLOR: '1' },
    });
    did('portforward doctor', doctor.stdout + doctor.stderr);
    const told = obstacle.told(doctor.stdout);
    prove(obstacle.claim, told !== null && doctor.code === 1);
    did(await obstacle.clear(told ?? ''));
    await proveForward(stage);
  },
};
