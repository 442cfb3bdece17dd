import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { describePulumi, program } from '../support/suite';

/** Provider processes that Pulumi started for the program in this directory. */
function providersOf(directory: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^[0-9]+$/.test(entry))
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        const ours = command.some((word) => word.includes('cmd/dynamic-provider'));
        return ours && readlinkSync(`/proc/${pid}/cwd`) === directory;
      } catch {
        return false; // it ended meanwhile, or is none of ours
      }
    })
    .map(Number);
}

describePulumi('pulumi: kill -9 in the middle', (bench) => {
  test('of the provider, while the gateway is at work: one more up converges', async () => {
    const [home, pulumi] = [await bench.gateway(), await bench.project()];
    pulumi.write(program(home, `rule('web', { externalPort: 443 }); rule('ssh', { externalPort: 2222 });`));
    let release = () => {};
    const atWork = new Promise<void>((resolve) => {
      home.kernel.tamper.hold(() => {
        resolve();
        return new Promise<void>((go) => {
          release = go;
        });
      });
    });
    const up = pulumi.run('up', '--yes', '--skip-preview');
    await atWork;
    const providers = providersOf(pulumi.directory.path);
    expect(providers.length).toBeGreaterThan(0);
    for (const pid of providers) process.kill(pid, 'SIGKILL');
    expect((await up).code).not.toBe(0);
    home.kernel.tamper.hold(null);
    release();

    await pulumi.up();
    expect(await home.forwards()).toEqual(['tcp 2222 -> 192.168.50.10:2222', 'tcp 443 -> 192.168.50.10:443']);
    await pulumi.unchanged('--refresh', '--run-program');
    await pulumi.destroy();
    expect(await home.forwards()).toEqual([]);
  });
});
