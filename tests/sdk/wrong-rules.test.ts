import { spawnSync } from 'node:child_process';
import { ProgramDirectory } from '../engines/support/package';

/** In a plain Node process, as a program runs: a test runner takes an error that nobody awaits for its own. */
const directory = new ProgramDirectory();
afterAll(() => directory.remove());

/** What a program registered, and the errors that Pulumi would show, each object once. */
function run(program: string): { registered: string[]; errors: string[] } {
  directory.write(
    'program.js',
    `
    const pulumi = require('@pulumi/pulumi');
    const { Gateway, PortForwardRule } = require('portforward');
    const registered = [];
    const errors = new Set();
    process.on('unhandledRejection', (error) => {
      errors.add(error);
      process.exitCode = 32; // as Pulumi ends a program that failed with words
    });
    const newResource = ({ name, inputs }) => { registered.push(name); return { id: name, state: inputs }; };
    pulumi.runtime.setMocks({ call: () => ({}), newResource }, 'shop', 'dev').then(() => {
      const home = new Gateway('home', { kind: 'agent' });
      const rule = (name, args) => new PortForwardRule(name, args, { gateway: home });
      ${program}
    });
    process.on('exit', () => {
      console.log(JSON.stringify({ registered, errors: [...errors].map(({ message }) => message) }));
    });
  `,
  );
  const ended = spawnSync(process.execPath, ['program.js'], { cwd: directory.path, encoding: 'utf8' });
  expect(ended).toMatchObject({ status: 32, stderr: '' });
  return JSON.parse(ended.stdout);
}

const good = `{ externalPort: 443, internalAddress: '192.168.50.10' }`;

test('a wrong rule keeps every rule of the program unregistered, and the program runs on to the next wrong one', () => {
  const { registered, errors } = run(`
    rule('before', ${good});
    rule('text', { ...${good}, externalPort: '80abc' });
    rule('empty', {});
    rule('nothing');
    rule('after', { ...${good}, externalPort: 444 });
  `);
  expect(registered).toEqual(['home']);
  expect(errors).toHaveLength(1);
  expect(errors[0]?.split('\n')).toEqual([
    expect.stringMatching(/^rule "text": externalPort: .*80abc/),
    expect.stringMatching(/^rule "empty": externalPort: is missing/),
    expect.stringMatching(/^rule "empty": internalAddress: is missing/),
    expect.stringMatching(/^rule "nothing": externalPort: is missing/),
    expect.stringMatching(/^rule "nothing": internalAddress: is missing/),
  ]);
});

test('a property with the name of a field of every resource is told like any other', () => {
  const { registered, errors } = run(`rule('web', { ...${good}, urn: 'x', getProvider: 1, __name: 'y' });`);
  expect(registered).toEqual(['home']);
  expect(errors).toEqual([expect.stringMatching(/urn: .*\n.*getProvider: .*\n.*__name: .*not a property/)]);
});
