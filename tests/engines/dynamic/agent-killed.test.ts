import { KilledAgent } from '../support/killed-agent';
import { Bench, rule } from './bench';

const bench = new Bench();
afterEach(() => bench.clean());

describe.each(['before', 'after'] as const)('the agent, killed %s it did a batch', (fate) => {
  test('comes back with whole rules, and one rerun converges without a second entry', async () => {
    const agent = new KilledAgent();
    try {
      await agent.start();
      const config = {
        'portforward:kind': 'agent',
        'portforward:socket': agent.socket,
        'portforward:owner': 'shop/dev',
        'portforward:name': 'home',
      };
      const first = await bench.provider(config);
      const standing = await first.create(rule({ name: 'ssh', externalPort: 22222 }));

      agent.fate = fate;
      await expect(first.create(rule())).rejects.toThrow(/agent at .*way.sock/);
      agent.fate = null;
      await agent.start();

      const next = await bench.provider(config);
      const web = await next.create(rule());
      expect(web.outs.entries).toHaveLength(1);
      expect(await next.read(standing.id, standing.outs)).toMatchObject({
        id: standing.id,
        outs: standing.outs,
      });
      expect(await next.read(web.id, web.outs)).toMatchObject({ id: web.id, outs: web.outs });
      const last = await bench.provider(config);
      await last.delete(web.id, web.outs);
      expect(await last.read(web.id, web.outs)).toMatchObject({ id: '' });
    } finally {
      await agent.remove();
    }
  });
});
