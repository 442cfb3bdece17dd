import type { PracticeGateway } from '../support/gateway';
import type { PulumiProject } from '../support/pulumi';
import { describePulumi, story } from '../support/suite';

const WEB = 'tcp 443 -> 192.168.50.10:443';
const SSH = 'tcp 2222 -> 192.168.50.10:22';

/** A program with gateways by logical name, and `rule` that puts one on any of them. */
function program(
  gateways: Record<string, object>,
  rules: string,
  options: Record<string, string> = {},
): string {
  const made = Object.entries(gateways).map(
    ([name, args]) =>
      `const ${name} = new Gateway('${name}', ${JSON.stringify({ kind: 'agent', ...args })}, ${options[name] ?? '{}'});`,
  );
  return `
    const { Gateway, PortForwardRule } = require('portforward');
    ${made.join('\n')}
    const rule = (gateway, name, args) =>
      new PortForwardRule(name, { internalAddress: '192.168.50.10', ...args }, { gateway });
    ${rules}
  `;
}

describePulumi('pulumi: rules and their gateways', (bench) => {
  const step = story();
  let [a, b]: PracticeGateway[] = [];
  let pulumi: PulumiProject;
  const onA = () => a as PracticeGateway;
  const onB = () => b as PracticeGateway;
  beforeAll(async () => {
    [a, b, pulumi] = [await bench.gateway(), await bench.gateway(), await bench.project()];
  });

  const RULES = (gateway: string) => `
    rule(${gateway}, 'web', { externalPort: 443 });
    rule(${gateway}, 'ssh', { externalPort: 2222, internalPort: 22 });
  `;

  step('a rule moved to another gateway is closed on the old one and opened on the new', async () => {
    const both = { one: { socket: onA().socket }, two: { socket: onB().socket } };
    pulumi.write(program(both, RULES('one')));
    await pulumi.up();
    expect(await onA().forwards()).toEqual([SSH, WEB]);

    pulumi.write(
      program(
        both,
        `rule(two, 'web', { externalPort: 443 }); rule(one, 'ssh', { externalPort: 2222, internalPort: 22 });`,
      ),
    );
    const { output } = await pulumi.preview();
    expect(output).toMatch(/1 to replace/);
    await pulumi.up();
    expect(await onA().forwards()).toEqual([SSH]);
    expect(await onB().forwards()).toEqual([WEB]);
    await pulumi.unchanged('--refresh', '--run-program');
  });

  step('a gateway renamed in the program keeps its rules open', async () => {
    const renamed = { one: { socket: onA().socket }, cellar: { socket: onB().socket } };
    pulumi.write(
      program(
        renamed,
        `rule(cellar, 'web', { externalPort: 443 }); rule(one, 'ssh', { externalPort: 2222, internalPort: 22 });`,
      ),
    );
    await pulumi.up();
    expect(await onB().forwards()).toEqual([WEB]);
    expect(await onA().forwards()).toEqual([SSH]);
    expect((await pulumi.rules()).map(({ outputs }) => outputs?.gatewayName).sort()).toEqual([
      'cellar',
      'one',
    ]);
  });

  step('renamed with an alias and its old `name` nothing happens to the rules', async () => {
    pulumi.write(
      program(
        { house: { socket: onA().socket, name: 'one' }, cellar: { socket: onB().socket } },
        `rule(cellar, 'web', { externalPort: 443 }); rule(house, 'ssh', { externalPort: 2222, internalPort: 22 });`,
        { house: `{ aliases: [{ name: 'one' }] }` },
      ),
    );
    const { apply } = onA().kernel.tamper.calls;
    await pulumi.up();
    expect(onA().kernel.tamper.calls.apply).toBe(apply);
    expect(await onA().forwards()).toEqual([SSH]);
    await pulumi.unchanged('--refresh', '--run-program');
  });

  step('another owner takes the old entries away and puts its own', async () => {
    pulumi.write(
      program(
        { house: { socket: onA().socket, name: 'one', owner: 'family' }, cellar: { socket: onB().socket } },
        `rule(cellar, 'web', { externalPort: 443 }); rule(house, 'ssh', { externalPort: 2222, internalPort: 22 });`,
      ),
    );
    const old = (await onA().entry(2222)).tag;
    await pulumi.up();
    expect(await onA().forwards()).toEqual([SSH]);
    expect((await onA().entry(2222)).tag).not.toBe(old);
    expect((await pulumi.rules()).map(({ id }) => id).sort()).toEqual(['family/ssh', 'shop/dev/web']);
    await pulumi.unchanged('--refresh', '--run-program');
  });

  step(
    'a gateway at another address gets its rules there, and a warning names what stays behind',
    async () => {
      const moved = await bench.gateway();
      const text = (socket: string) =>
        program(
          { house: { socket, name: 'one', owner: 'family' }, cellar: { socket: onB().socket } },
          `rule(cellar, 'web', { externalPort: 443 }); rule(house, 'ssh', { externalPort: 2222, internalPort: 22 });`,
        );
      pulumi.write(text(moved.socket));
      const preview = await pulumi.preview('--refresh', '--run-program');
      expect(preview.output).toMatch(/PortForwardRule: \(update\)/);
      const output = await pulumi.up();
      expect(output).toMatch(/warning: .*stays there/);
      expect(await moved.forwards()).toEqual([SSH]);
      expect(await onA().forwards()).toEqual([SSH]);
      await pulumi.unchanged('--refresh', '--run-program');
      await pulumi.destroy();
      expect(await moved.forwards()).toEqual([]);
      expect(await onB().forwards()).toEqual([]);
    },
  );
});
