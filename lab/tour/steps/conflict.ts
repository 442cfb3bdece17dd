import { conflicting, quickstart } from '../quickstart';
import type { Step } from '../step';
import { proveForward } from './apply';

export const conflict: Step = {
  name: 'conflict',
  title: 'A second rule wants the same port: refused at preview',
  async play(stage) {
    const { engine, did, ran, prove } = stage;
    const { name, externalPort, internalAddress } = conflicting;
    did(
      `(in the program) new PortForwardRule('${name}', { externalPort: '${externalPort}', internalAddress: '${internalAddress}' })`,
    );
    await engine.declare(conflicting);
    const { output } = await ran(engine.preview(), 'failure');
    await engine.declare(null);
    prove('the refusal names both rules', output.includes(name) && output.includes(`"${quickstart.rule}"`));
    await proveForward(stage);
  },
};
