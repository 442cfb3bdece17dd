// Runs on a host of the lab: starts Pulumi's provider process in the directory of a program and calls it as the engine
// does. Prints the milliseconds until it has a port, until its first check is answered, and from then to a second one.
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { readFileSync } = require('node:fs');
const { createInterface } = require('node:readline');
const { credentials } = require('@grpc/grpc-js');
const { Struct } = require('google-protobuf/google/protobuf/struct_pb');
const { ResourceProviderClient } = require('@pulumi/pulumi/proto/provider_grpc_pb');
const { CheckRequest, ConfigureRequest } = require('@pulumi/pulumi/proto/provider_pb');
const { refuseOutsideLab } = require('../../../dist/lab/namespaces/guard');

refuseOutsideLab();

async function main() {
  const { directory, config, inputs } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  const script = require.resolve('@pulumi/pulumi/cmd/dynamic-provider');
  const begun = performance.now();
  const child = spawn(process.execPath, [script, '127.0.0.1:1'], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = await once(createInterface({ input: child.stdout }), 'line');
  const listening = performance.now() - begun;
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  const call = (method, request) =>
    new Promise((resolve, reject) =>
      client[method](request, (error, reply) => (error ? reject(error) : resolve(reply))),
    );
  const configure = new ConfigureRequest();
  configure.setArgs(Struct.fromJavaScript(config));
  await call('configure', configure);
  const check = async () => {
    const request = new CheckRequest();
    request.setOlds(Struct.fromJavaScript({}));
    request.setNews(Struct.fromJavaScript(inputs));
    const failures = (await call('check', request)).getFailuresList();
    if (failures.length > 0) throw new Error(failures.map((one) => one.getReason()).join('; '));
  };
  await check();
  const ready = performance.now() - begun;
  await check();
  const second = performance.now() - begun - ready;
  client.close();
  child.kill('SIGKILL');
  console.log(JSON.stringify({ listening, ready, second }));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
