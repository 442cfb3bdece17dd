import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  describeWhere,
  HCL_ENGINES,
  type HclEngine,
  hclEngine,
  missingForEngine,
} from '../../../support/needs';
import { cleanUp, PROVIDER, start, temporary } from './support/practice-engine';

afterEach(cleanUp);

for (const engine of HCL_ENGINES)
  describeWhere(missingForEngine(engine), `the real ${engine}`, () => {
    test('shows the schema, over mutual TLS', async () => {
      const { code, stdout, stderr } = await run(engine);
      expect([code, stderr]).toEqual([0, '']);
      expectOurSchema(stdout);
    });

    test('is served without TLS where it is told so', async () => {
      const { code, stdout } = await run(engine, { env: { TF_DISABLE_PLUGIN_TLS: '1' } });
      expect(code).toBe(0);
      expectOurSchema(stdout);
    });

    test('is served from a temporary directory of 120 characters, and nothing is left there', async () => {
      const place = temporary(120);
      const { code, stdout } = await run(engine, { env: { TMPDIR: place } });
      expect(code).toBe(0);
      expectOurSchema(stdout);
      expect(readdirSync(place)).toEqual([]);
    });

    test('attaches to a running process, again and again, and leaves it alone', async () => {
      const attached = start(['--attach'], {});
      await attached.until(() => attached.stdout.some((line) => line.includes('Ctrl-C')));
      const [, value = ''] = /TF_REATTACH_PROVIDERS='(.*)'/.exec(attached.stdout.join('\n')) ?? [];
      for (let round = 0; round < 2; round++) {
        const { code, stdout } = await run(engine, {
          env: { TF_REATTACH_PROVIDERS: value },
          provider: 'exit 9',
        });
        expect(code).toBe(0);
        expectOurSchema(stdout);
      }
      expect(attached.child.exitCode).toBeNull();
    });

    test('shows our own sentence when its certificate arrives damaged', async () => {
      const { code, stderr } = await run(engine, { provider: `PLUGIN_CLIENT_CERT=cut exec ${OURS}` });
      expect(code).toBe(1);
      expect(stderr.replace(/[\s│╷╵]+/g, ' ')).toContain(
        'The certificate that the engine sent in PLUGIN_CLIENT_CERT cannot be read.',
      );
    });

    test('gets the level of our log lines', async () => {
      const { stderr } = await run(engine, { env: { TF_LOG: 'debug' } });
      expect(stderr).toMatch(/\[DEBUG\] +provider\.terraform-provider-portforward: The engine is done/);
      // A line that it cannot read would be shown as it is.
      expect(stderr).not.toContain('@level');
    });
  });

const OURS = [process.execPath, ...PROVIDER].map((part) => `'${part}'`).join(' ');

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `providers schema -json` in a project of its own, with the practice provider (or another script) in place of ours. */
function run(
  engine: HclEngine,
  options: { env?: NodeJS.ProcessEnv; provider?: string } = {},
): Promise<Result> {
  const directory = temporary();
  const [project, plugins, settings] = ['project', 'plugins', 'settings.tfrc'].map((name) =>
    join(directory, name),
  ) as [string, string, string];
  mkdirSync(project);
  mkdirSync(plugins);
  writeFileSync(
    join(plugins, 'terraform-provider-portforward'),
    `#!/bin/sh\n${options.provider ?? `exec ${OURS}`} "$@"\n`,
    { mode: 0o755 },
  );
  writeFileSync(
    settings,
    `provider_installation {
      dev_overrides {
        "portforward/portforward" = "${plugins}"
      }
      direct {}
    }`,
  );
  writeFileSync(
    join(project, 'main.tf'),
    `terraform {
      required_providers {
        portforward = { source = "portforward/portforward" }
      }
    }`,
  );
  const env = {
    PATH: process.env.PATH,
    HOME: directory,
    TMPDIR: directory,
    TF_CLI_CONFIG_FILE: settings,
    CHECKPOINT_DISABLE: '1',
    ...options.env,
  };
  const command = hclEngine(engine) as string;
  return new Promise((resolve) =>
    execFile(
      command,
      ['providers', 'schema', '-json', '-no-color'],
      { cwd: project, env },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    ),
  );
}

function expectOurSchema(json: string): void {
  const [host] = Object.keys(JSON.parse(json).provider_schemas);
  expect(host).toMatch(/^registry\.(terraform\.io|opentofu\.org)\/portforward\/portforward$/);
  const { resource_schemas } = JSON.parse(json).provider_schemas[host as string];
  expect(resource_schemas.portforward_rule).toMatchObject({
    version: 3,
    block: {
      attributes: {
        name: { type: 'string', required: true, description: 'Its name.' },
        sources: { type: ['set', 'string'], optional: true, sensitive: true },
        entries: { computed: true, nested_type: { nesting_mode: 'list' } },
      },
    },
  });
}
