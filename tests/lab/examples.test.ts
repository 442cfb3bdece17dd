import { join } from 'node:path';
import type { LabAgent } from '../../lab/namespaces/agent';
import { Lab } from '../../lab/namespaces/lab';
import { addresses } from '../../lab/namespaces/network';
import { HclExample, HOME_LABS, type Runner } from '../support/hcl-example';
import {
  describeWhere,
  HCL_ENGINES,
  type HclEngine,
  hclEngine,
  missingForLab,
  missingForPulumi,
} from '../support/needs';
import { Example } from './example';
import { openSession } from './whole';

jest.setTimeout(300_000);

const { gateway, internet, server, desk } = addresses;

const hcl = HCL_ENGINES.find((name) => hclEngine(name) !== null);

describeWhere(missingForLab(), 'examples against the lab', () => {
  let lab: Lab;
  let agent: LabAgent;
  beforeEach(async () => {
    // Behind a closed firewall with the one line, so that an open port is open because of its rule.
    lab = await Lab.start({ firewall: 'drop' });
    await lab.nft('insert rule inet hostfw forward meta mark and 0x10000000 == 0x10000000 accept');
    agent = await lab.startAgent();
  });
  afterEach(() => lab?.stop());

  const onDesk: Runner = (argv, where) => lab.exec('desk', argv, where);
  const tcp = (port: number, more: object = {}) =>
    lab.on('internet').tcp({ to: gateway.wan, port, from: internet.client, timeout: 2500, ...more });
  const listed = async (): Promise<number> => {
    const session = openSession(agent.socket);
    const entries = await session.list();
    await session.close();
    return entries.length;
  };

  const serveHome = async (): Promise<void> => {
    for (const port of [22, 80, 443]) await lab.on('server').greet(port);
    for (const port of [27000, 27015]) await lab.on('server').echo(port);
    await lab.on('server').ftp({ port: 21, url: gateway.wan, from: 50000, to: 50020 });
    await lab.on('desk').greet(554);
  };

  /** The rules of the home network, each by packets that arrive and packets that do not. */
  const expectHomeOpen = async (): Promise<void> => {
    for (const port of [80, 443]) expect(await tcp(port)).toMatchObject({ ok: true });
    expect(await tcp(2222)).toMatchObject({
      ok: true,
      text: expect.stringContaining('server:22 sees 203.0.113.7'),
    });
    expect((await tcp(22, { timeout: 1000 })).ok).toBe(false);
    for (const port of [27000, 27015]) {
      expect(await lab.on('internet').udp({ to: gateway.wan, port, from: internet.client })).toMatchObject({
        ok: true,
      });
    }
    expect(await lab.on('internet').fetch({ to: gateway.wan, port: 21, timeout: 10_000 })).toMatchObject({
      ok: true,
    });
    expect(await tcp(554)).toMatchObject({
      ok: true,
      text: expect.stringContaining('desk:554'),
    });
    expect((await tcp(554, { from: internet.stranger, timeout: 1000 })).ok).toBe(false);
    expect(await tcp(443, { to: server.lan6, from: internet.client6 })).toMatchObject({ ok: true });
    expect((await tcp(80, { to: server.lan6, from: internet.client6, timeout: 1000 })).ok).toBe(false);
    expect((await tcp(443, { to: desk.lan6, from: internet.client6, timeout: 1000 })).ok).toBe(false);
  };

  const expectHomeClosed = async (): Promise<void> => {
    expect(await listed()).toBe(0);
    expect((await tcp(443, { timeout: 1000 })).ok).toBe(false);
  };

  describeWhere(missingForPulumi(), 'with Pulumi', () => {
    test('home-lab: every rule carries packets, a second up changes nothing, destroy leaves nothing', async () => {
      await serveHome();
      const example = await Example.start({ name: 'home-lab', place: lab.directory, run: onDesk });
      await example.succeed('config', 'set', 'socket', agent.socket);
      await example.succeed('up', '--yes', '--skip-preview');
      await expectHomeOpen();
      const quiet = ['--yes', '--skip-preview', '--refresh', '--run-program', '--expect-no-changes'];
      await example.succeed('up', ...quiet);
      await example.succeed('destroy', '--yes', '--skip-preview', '--run-program');
      await expectHomeClosed();
    });

    test('drift-in-ci: status 0 while all is as declared, not 0 after somebody changed it', async () => {
      await lab.on('server').echo(51820);
      const example = await Example.start({
        name: 'drift-in-ci',
        place: lab.directory,
        env: { PORTFORWARD_SOCKET: agent.socket },
        run: onDesk,
      });
      await example.succeed('up', '--yes', '--skip-preview');
      expect(await lab.on('internet').udp({ to: gateway.wan, port: 51820 })).toMatchObject({ ok: true });
      const look = ['preview', '--refresh', '--run-program', '--diff', '--expect-no-changes'];
      await example.succeed(...look);
      const { stdout } = await lab.exec('gateway', ['nft', '-a', 'list', 'table', 'inet', 'portforward']);
      const [, chain, rule, handle] =
        /chain (pf1_\S+) \{[^}]*?\n\s*([^\n]*dnat[^\n]*?) # handle (\d+)/.exec(stdout) ?? [];
      await lab.nft(
        `replace rule inet portforward ${chain} handle ${handle} ${rule?.replace(server.lan, desk.lan)}`,
      );
      const { code, output } = await example.pulumi(...look);
      expect(code).not.toBe(0);
      expect(output).toMatch(/~ internalAddress: .*192\.168\.50\.20/);
    });
  });

  describeWhere(hcl ? null : 'no terraform, no tofu on this machine', 'with Terraform or OpenTofu', () => {
    test.each(HOME_LABS)(
      '%s: every rule carries packets, a second plan is empty, destroy leaves nothing',
      async (name) => {
        await serveHome();
        const example = await HclExample.start({
          name,
          engine: hcl as HclEngine,
          place: join(lab.directory, 'examples'),
          variables: { socket: agent.socket },
          run: onDesk,
        });
        await example.succeed('apply', '-auto-approve');
        await expectHomeOpen();
        await example.succeed('plan', '-detailed-exitcode');
        await example.succeed('destroy', '-auto-approve');
        await expectHomeClosed();
      },
    );
  });
});
