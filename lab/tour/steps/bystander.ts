import type { Stage } from '../step';

/** Nobody else's connections suffer. Where no packets move there is nothing to claim. */
export async function proveBystander(
  { world, prove }: Pick<Stage, 'world' | 'prove'>,
  claim: string,
): Promise<void> {
  const bystander = await world.bystander(world.example.externalPort);
  if (bystander !== null) prove(claim, bystander.alive, bystander.detail);
}
