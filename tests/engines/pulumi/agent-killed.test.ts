import { KilledAgent } from '../support/killed-agent';
import { describePulumi, program } from '../support/suite';

describePulumi('pulumi: kill -9 of the agent in the middle', (bench) => {
  test.each(['before', 'after'] as const)('%s it did a batch: one more up converges', async (fate) => {
    const agent = new KilledAgent();
    try {
      await agent.start();
      const pulumi = await bench.project(`killed-${fate}`);
      const standing = `rule('ssh', { externalPort: 2222 });`;
      pulumi.write(program(agent, standing));
      await pulumi.up();

      pulumi.write(program(agent, `${standing} rule('web', { externalPort: 443 });`));
      agent.fate = fate;
      const cut = await pulumi.run('up', '--yes', '--skip-preview');
      expect(cut.code).not.toBe(0);
      expect(cut.output).toContain(agent.socket);
      agent.fate = null;
      await agent.start();

      await pulumi.up();
      const rules = await pulumi.rules();
      const tags = rules
        .flatMap(({ outputs }) => outputs?.entries as { tag: string }[])
        .map(({ tag }) => tag);
      expect(tags).toHaveLength(2);
      expect((await agent.tags()).sort()).toEqual(tags.sort());
      await pulumi.unchanged('--refresh', '--run-program');
      await pulumi.destroy();
      expect(await agent.tags()).toEqual([]);
    } finally {
      await agent.remove();
    }
  });
});
