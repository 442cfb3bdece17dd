import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lab } from '../../lab/namespaces/lab';
import { addresses } from '../../lab/namespaces/network';
import { LabMiniupnpd } from '../../lab/services/miniupnpd';
import { MINIUPNPD_UDN } from '../../lab/services/miniupnpd-layout';
import { PracticeOpenwrt } from '../../lab/services/practice-openwrt';
import { HclExample, type Runner } from '../support/hcl-example';
import {
  describeWhere,
  HCL_ENGINES,
  type HclEngine,
  hclEngine,
  missingForMiniupnpd,
  missingForPulumi,
} from '../support/needs';
import { Example } from './example';

jest.setTimeout(300_000);

interface Setting {
  readonly name: string;
  readonly place: string;
  /** Of its configuration. */
  readonly values: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: Runner;
}

/** A project that an engine has made ready. Every method fails where the engine does. */
interface Project {
  apply(): Promise<unknown>;
  /** Looks at the gateway, and fails where anything is left to do. */
  again(): Promise<unknown>;
  destroy(): Promise<unknown>;
}

async function withPulumi({ values, ...settings }: Setting): Promise<Project> {
  const example = await Example.start(settings);
  for (const [key, value] of Object.entries(values)) await example.succeed('config', 'set', key, value);
  const up = ['up', '--yes', '--skip-preview'];
  return {
    apply: () => example.succeed(...up),
    again: () => example.succeed(...up, '--refresh', '--run-program', '--expect-no-changes'),
    destroy: () => example.succeed('destroy', '--yes', '--skip-preview', '--run-program'),
  };
}

async function withHcl({ values, ...settings }: Setting): Promise<Project> {
  const example = await HclExample.start({ ...settings, engine: hcl as HclEngine, variables: values });
  return {
    apply: () => example.succeed('apply', '-auto-approve'),
    again: () => example.succeed('plan', '-detailed-exitcode'),
    destroy: () => example.succeed('destroy', '-auto-approve'),
  };
}

const hcl = HCL_ENGINES.find((name) => hclEngine(name) !== null);

const engines = [
  { engine: 'Pulumi', missing: missingForPulumi(), start: withPulumi },
  {
    engine: 'Terraform or OpenTofu',
    missing: hcl ? null : 'no terraform, no tofu on this machine',
    start: withHcl,
  },
];

for (const { engine, missing, start } of engines) {
  describeWhere(missing, `examples/gateways/openwrt with ${engine}, on the simulator`, () => {
    let practice: PracticeOpenwrt;
    let place: string;
    beforeEach(async () => {
      practice = await PracticeOpenwrt.start();
      place = mkdtempSync(join(tmpdir(), 'portforward-example-'));
    });
    afterEach(async () => {
      await practice.stop();
      rmSync(place, { recursive: true, force: true });
    });

    test('applied, nothing left to do, destroyed; the password is in no file, and the rest as it was', async () => {
      const { url, username, pin, password } = practice;
      const before = practice.foreign;
      expect(before).toContain('Made in LuCI');
      const project = await start({
        name: 'gateways/openwrt',
        place,
        values: { url, username, pin },
        env: { PORTFORWARD_PASSWORD: password },
      });
      await project.apply();
      const [ours, ...more] = practice.ours.map((name) => practice.router.byHand.section(name));
      expect(more).toEqual([]);
      expect(Object.fromEntries(ours?.options ?? [])).toMatchObject({
        src: 'wan',
        src_dport: '443',
        dest_ip: addresses.server.lan,
        dest_port: '8443',
        src_ip: '203.0.113.0/26',
        target: 'DNAT',
      });
      await project.again();
      expect(filesWith(password, place)).toEqual([]);
      await project.destroy();
      expect(practice.ours).toEqual([]);
      expect(practice.foreign).toBe(before);
    });
  });

  describeWhere(
    missing ?? missingForMiniupnpd(),
    `examples/gateways/upnp with ${engine}, on a real miniupnpd`,
    () => {
      let lab: Lab;
      beforeEach(async () => {
        lab = await Lab.start();
      });
      afterEach(() => lab?.stop());

      test('applied, nothing left to do, destroyed; packets arrive only in between, and the rest is as it was', async () => {
        const router = await LabMiniupnpd.start(lab);
        await lab.on('server').greet(443);
        const { code } = await router.upnpc('desk', '-a', addresses.desk.lan, '27015', '27015', 'UDP');
        expect(code).toBe(0);
        const table = async () => (await router.list('server')).map(({ lease: _, ...mapping }) => mapping);
        const visit = () => lab.on('internet').tcp({ to: router.publicAddress, port: 8443, timeout: 1000 });
        const before = await table();
        expect(before).toMatchObject([{ protocol: 'UDP', externalPort: 27015 }]);

        const project = await start({
          name: 'gateways/upnp',
          place: lab.directory,
          values: { udn: MINIUPNPD_UDN },
          run: (argv, where) => lab.exec('server', argv, where),
        });
        await project.apply();
        const ours = (await table()).filter(({ description }) => description.startsWith('pf1_'));
        expect(ours).toMatchObject([
          { protocol: 'TCP', externalPort: 8443, internalClient: addresses.server.lan, internalPort: 443 },
        ]);
        expect(await visit()).toMatchObject({ ok: true, text: expect.stringContaining('server:443') });
        await project.again();
        await project.destroy();
        expect(await table()).toEqual(before);
        expect((await visit()).ok).toBe(false);
      });
    },
  );
}

/** The files below a directory that hold this text, packages left out. */
function filesWith(text: string, directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('/node_modules/'))
    .filter((path) => readFileSync(path).includes(text));
}
