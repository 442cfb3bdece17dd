import { execFileSync } from 'node:child_process';
import { ProgramDirectory } from '../engines/support/package';

/**
 * What users' states hold for ever. In a plain Node process, since a test runner's own way of loading modules changes
 * what Pulumi would serialise.
 */
const directory = new ProgramDirectory();
afterAll(() => directory.remove());

function node(script: string): unknown {
  directory.write('script.js', script);
  const options = { cwd: directory.path, encoding: 'utf8' as const };
  return JSON.parse(execFileSync(process.execPath, ['script.js'], options));
}

const REGISTERED = `
  const pulumi = require('@pulumi/pulumi');
  const seen = [];
  const ready = pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ type, name, inputs }) => { seen.push({ type, name, inputs }); return { id: name, state: inputs }; },
  }, 'shop', 'dev');
  const done = async () => {
    await pulumi.runtime.disconnect();
    console.log(JSON.stringify(seen));
  };
`;

const TEXT =
  'exports.handler=()=>require("module").createRequire(process.cwd()+"/package.json")("portforward/dynamic")';

test('type and text of a rule are the very bytes that states hold', () => {
  const [, rule] = node(`${REGISTERED}
    const { Gateway, PortForwardRule } = require('portforward');
    ready.then(() => {
      const gateway = new Gateway('home', { kind: 'agent' });
      new PortForwardRule('web', { externalPort: 443, internalAddress: '192.168.50.10' }, { gateway });
      return done();
    });
  `) as { type: string; inputs: Record<string, unknown> }[];
  expect(rule?.type).toBe('pulumi-nodejs:dynamic/portforward:PortForwardRule');
  expect(rule?.inputs.__provider).toBe(TEXT);
});

/** How Pulumi's provider process turns the text of a resource into a provider. */
const LOAD = `
  const Module = require('node:module');
  const load = (text) => {
    const module = new Module('', undefined);
    module.paths = Module._nodeModulePaths(process.cwd());
    module._compile(text, '');
    return module.exports.handler();
  };
`;

test('the text leads to all methods', () => {
  const methods = node(`${LOAD} console.log(JSON.stringify(Object.entries(load(${JSON.stringify(TEXT)}))
    .filter(([, method]) => typeof method === 'function').map(([name]) => name).sort()));`);
  expect(methods).toEqual(['check', 'configure', 'create', 'delete', 'diff', 'read', 'update']);
});

test("Pulumi's own dynamic resources still have such a type and such a text", () => {
  const [theirs, methods] = node(`${REGISTERED} ${LOAD}
    class Own extends pulumi.dynamic.Resource {
      constructor(name) {
        super({ create: async () => ({ id: 'x' }) }, name, {}, undefined, 'portforward', 'PortForwardRule');
      }
    }
    ready.then(async () => {
      new Own('web');
      await pulumi.runtime.disconnect();
      console.log(JSON.stringify([seen[0], Object.keys(load(seen[0].inputs.__provider))]));
    });
  `) as [{ type: string; inputs: Record<string, unknown> }, string[]];
  expect(theirs.type).toBe('pulumi-nodejs:dynamic/portforward:PortForwardRule');
  expect(Object.keys(theirs.inputs)).toEqual(['__provider']);
  expect(methods).toEqual(['create']);
});
