import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { igd1, igd2, miniupnpd, routeros } from '../../../lab/simulators/igd/habits';
import { IgdSimulator } from '../../../lab/simulators/igd/simulator';
import { describeWhere, missingForUpnpc } from '../../support/needs';

const run = promisify(execFile);

/** A client that knows nothing of us takes the simulator for a gateway. */
describeWhere(missingForUpnpc(), 'upnpc on the simulator', () => {
  let igd: IgdSimulator;
  let url: string;
  const start = async (options: ConstructorParameters<typeof IgdSimulator>[0]): Promise<void> => {
    igd = new IgdSimulator(options);
    url = await igd.start();
  };
  afterEach(() => igd.stop());
  const upnpc = async (...args: readonly string[]): Promise<string> =>
    (await run('upnpc', ['-u', url, ...args])).stdout;

  test.each(Object.entries({ igd1, igd2, miniupnpd }))(
    '%s: maps, lists and deletes',
    async (_name, habits) => {
      await start({ habits });
      const added = await upnpc('-e', 'a game', '-a', '192.168.1.10', '443', '8443', 'TCP', '600');
      expect(added).toContain('ExternalIPAddress = 203.0.113.7');
      expect(added).toContain('external 203.0.113.7:8443 TCP is redirected to internal 192.168.1.10:443');
      const line = "TCP  8443->192.168.1.10:443   'a game' '' 600";
      const listed = await upnpc('-l');
      expect(listed).toMatch(/Status : Connected, uptime=\d+s, LastConnectionError : ERROR_NONE/);
      expect(listed).toContain(`0 ${line}`);
      expect(listed).toContain(`returned ${habits.endOfTable}`);
      if (habits.version === 2) expect(await upnpc('-L')).toContain(line);
      expect(await upnpc('-d', '8443', 'TCP')).toContain('returned : 0');
      expect(igd.byHand.mappings).toEqual([]);
    },
  );

  test('understands what it is refused', async () => {
    await start({ habits: routeros });
    await expect(upnpc('-a', '192.168.1.10', '443', '8443', 'TCP', '600')).rejects.toMatchObject({
      stdout: expect.stringContaining('failed with code 725'),
    });
    expect(await upnpc('-a', '192.168.1.10', '443', '8443', 'TCP')).toContain('(duration=0)');
  });

  test('PPP', async () => {
    await start({ habits: igd1, connections: [{ kind: 'ppp' }] });
    await upnpc('-a', '192.168.1.10', '443', '8443', 'UDP', '600', '198.51.100.7');
    expect(await upnpc('-l')).toMatch(/UDP +8443->192\.168\.1\.10:443 .*'198\.51\.100\.7'/);
  });
});
