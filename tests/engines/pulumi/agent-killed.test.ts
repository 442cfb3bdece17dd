import { KilledAgent } from '../support/killed-agent';
import { describePulumi, program } from '../support/suite';

describePulumi('pulumi: kill -9 of the agent in the middle', (bench) => {
  test('before it did a batch, and after: each time one more up converges', async () => {
    const agent = new KilledAgent();
    try {
      await agent.start();
      const pulumi = await bench.project();
      let rules = `rule('ssh', { externalPort: 2222 });`;
      pulumi.write(program(agent, rules));
      await pulumi.up();

      for (const [fate, rule] of [
        ['before', `rule('web', { externalPort: 443 });`],
        ['after', `rule('mail', { externalPort: 25 });`],
      ] as const) {
        rules += rule;
        pulumi.write(program(agent, rules));
        agent.fate = fate;
        const cut = await pulumi.run('up', '--yes', '--skip-preview');
        expect(cut.code).not.toBe(0);
        expect(cut.output).toContain(agent.socket);
        agent.fate = null;
        await agent.start();
        await pulumi.up();
      }

      const recorded = (await pulumi.rules()).flatMap(({ outputs }) => outputs?.entries as { tag: string }[]);
      expect(recorded).toHaveLength(3);
      expect((await agent.tags()).sort()).toEqual(recorded.map(({ tag }) => tag).sort());
      await pulumi.unchanged('--refresh', '--run-program');
      await pulumi.destroy();
      expect(await agent.tags()).toEqual([]);
    } finally {
      await agent.remove();
    }
  });
});
