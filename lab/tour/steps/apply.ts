import { isLeftOut } from '../left-out';
import type { Stage, Step } from '../step';
import { proveBystander } from './bystander';

export const apply: Step = {
  name: 'up',
  title: 'Apply: the forward is there, for those who may',
  async play(stage) {
    const { sources } = stage.world.example;
    await stage.ran(stage.engine.up());
    await proveForward(stage);
    if (isLeftOut(sources)) stage.leaveOut(sources);
  },
};

/** The one thing everything is about. Other steps and the negative controls run the same proof. */
export async function proveForward({ world, prove }: Pick<Stage, 'world' | 'prove'>): Promise<void> {
  const { externalPort, internalPort, sources } = world.example;
  const client = await world.visit('client', externalPort);
  prove(
    'a client on the internet reaches the server',
    client.answeredBy === `server:${internalPort}`,
    client.detail,
  );
  if (!isLeftOut(sources)) {
    const stranger = await world.visit('stranger', externalPort);
    prove('one outside `sources` does not', stranger.answeredBy === null, stranger.detail);
  }
  await proveBystander({ world, prove }, "the LAN machine's own connection lives on");
}
