import { compiled } from '../../namespaces/compiled';
import { quickstart } from '../quickstart';
import type { Step } from '../step';
import { proveForward } from './apply';

export const blocked: Step = {
  name: 'blocked',
  title: 'A host firewall drops what is forwarded: diagnosed, and let through by one line',
  async play(stage) {
    const { world, did, prove } = stage;
    did(await world.block());
    const visit = await world.visit('client', quickstart.externalPort);
    prove('the client reaches nobody', visit.answeredBy === null, visit.detail);
    const flags = world.mode === 'real' ? [] : ['--no-probe'];
    const argv = [
      process.execPath,
      compiled('provider/cli/main.js'),
      'doctor',
      '--socket',
      world.socket,
      ...flags,
    ];
    const doctor = await world.run(argv, { cwd: world.directory, env: { NO_COLOR: '1' } });
    did(['portforward doctor', ...flags].join(' '), doctor.stdout + doctor.stderr);
    const line = /meta mark [^\n`"']*?accept/.exec(doctor.stdout)?.[0];
    prove(
      'the doctor tells that it is blocked, and which line lets it through',
      line !== undefined && doctor.code === 1,
    );
    did(await world.admit(line ?? ''));
    await proveForward(stage);
  },
};
