import { selfSigned } from '../../../../provider/certificate/self-signed';
import { cleanUp, ENGINE_ENV, PracticeEngine, start } from './support/practice-engine';

afterEach(cleanUp);

async function outcome(args: readonly string[], env: NodeJS.ProcessEnv) {
  const started = start(args, env);
  const code = await started.ended();
  return { code, stdout: started.stdout, stderr: started.stderr };
}

describe('an engine', () => {
  test('gets one line, and answers to calls through it', async () => {
    const engine = await PracticeEngine.start();
    const schema = await engine.call('getProviderSchema');
    expect(schema.resource_schemas.portforward_rule.version).toBe(3);
    expect(await engine.health()).toEqual({ status: 'SERVING' });
    expect(engine.started.stdout).toHaveLength(1);
  });

  test('that wants no TLS is served without, on the same kind of socket', async () => {
    const engine = await PracticeEngine.start({ TF_DISABLE_PLUGIN_TLS: '1' }, false);
    expect(engine.certificate).toBe('');
    expect(engine.started.stdout[0]?.endsWith('|grpc|')).toBe(true);
    expect((await engine.call('getProviderSchema')).diagnostics).toEqual([]);
  });

  test.each([
    ['4,5', 'this engine offers 4, 5'],
    ['5', 'this engine offers 5'],
    ['16,66', 'this engine offers 16, 66'],
    ['six|6|6|6', 'this engine offers none'],
    [undefined, 'this engine offers none'],
  ])('with the protocol versions %s reads why it is not served', async (versions, words) => {
    const { code, stdout, stderr } = await outcome([], {
      ...ENGINE_ENV,
      PLUGIN_PROTOCOL_VERSIONS: versions,
    });
    expect([code, stdout.length, stderr]).toEqual([1, 1, '']);
    expect(stdout[0]).toContain('portforward speaks plugin protocol 6');
    expect(stdout[0]).toContain(words);
    // Or the engine would take it for a handshake.
    expect(stdout[0]).not.toContain('|');
  });

  test('whose certificate is cut or garbage reads so in one line, and nothing listens', async () => {
    const { certificatePem } = selfSigned();
    for (const certificate of [
      certificatePem.slice(0, 300),
      'garbage',
      `${certificatePem.slice(0, -40)}|\n|`,
    ]) {
      const { code, stdout, stderr } = await outcome([], { ...ENGINE_ENV, PLUGIN_CLIENT_CERT: certificate });
      expect([code, stdout.length, stderr]).toEqual([1, 1, '']);
      expect(stdout[0]).toMatch(
        /^The certificate that the engine sent in PLUGIN_CLIENT_CERT cannot be read\. Run/,
      );
    }
  });
});

describe('who is no engine', () => {
  test.each(['', undefined])('a person (cookie %p) reads what this is and how to use it', async (cookie) => {
    const { code, stdout, stderr } = await outcome([], { ...ENGINE_ENV, TF_PLUGIN_MAGIC_COOKIE: cookie });
    expect([code, stdout]).toEqual([1, []]);
    expect(stderr).toContain('terraform-provider-portforward 1.2.3: port forwarding as code');
    expect(stderr).toContain('portforward terraform install');
    expect(stderr).toContain('portforward = { source = "portforward/portforward" }');
  });

  test('a program with plugins of another kind reads one line where it looks for a handshake', async () => {
    const { code, stdout, stderr } = await outcome([], { ...ENGINE_ENV, TF_PLUGIN_MAGIC_COOKIE: 'other' });
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toEqual([
      'This is a plugin for Terraform and OpenTofu, not for the program that started it.',
    ]);
  });

  test('--help and --version answer, whoever asks', async () => {
    for (const env of [{}, ENGINE_ENV]) {
      expect(await outcome(['--version'], env)).toEqual({ code: 0, stdout: ['1.2.3'], stderr: '' });
      const help = await outcome(['--help'], env);
      expect([help.code, help.stderr]).toEqual([0, '']);
      expect(help.stdout.join('\n')).toContain('--attach');
    }
  });

  test.each([[['--atach']], [['serve']], [['--version', '--help']]])('%p is refused', async (args) => {
    const { code, stdout, stderr } = await outcome(args, {});
    expect([code, stdout]).toEqual([1, []]);
    expect(stderr).toContain('Run it with --help');
  });
});
