// Runs on a host of the lab's LAN: what a UPnP gateway is asked for there, by ours, by a bare client and by upnpc. Timed.
const { spawn } = require('node:child_process');
const { createInterface } = require('node:readline');
const { refuseOutsideLab } = require('../../../dist/lab/namespaces/guard');
const { findKind } = require('../../../dist/provider/backends/registry');
const { BareClient } = require('./bare-client');
const { measured } = require('./measured');
const { createAndRefresh } = require('./session-life');

refuseOutsideLab();

/** What ours sent last, by run. */
let example = null;

const answers = {
  async ours({ url, rules }) {
    example = await createAndRefresh('upnp', { url }, rules);
    return { create: told(example.create), refresh: told(example.refresh) };
  },
  /** The very same requests, to the same places. */
  async bare() {
    const { create, refresh } = example;
    return { create: told(await repeat(create)), refresh: told(await repeat(refresh)) };
  },
  /** upnpc: all mappings in one call, then its list. `mappings`: internal port, external port, protocol, in turn. */
  async upnpc({ url, mappings }) {
    const create = await measured(() => run('upnpc', '-u', url, '-r', ...mappings));
    const refresh = await measured(() => run('upnpc', '-u', url, '-l'));
    return { create: { time: create.time }, refresh: { time: refresh.time, text: refresh.result } };
  },
  /** From nothing until the gateway is known and can be asked. */
  async ready({ args }) {
    const kind = findKind('upnp');
    const { time, result } = await measured(async () => {
      const backend = kind.connect(kind.parse(args, {}));
      const { device } = await backend.open(new AbortController().signal);
      await backend.close();
      return device;
    });
    return { time, device: result };
  },
  async 'upnpc -s'() {
    const { time } = await measured(() => run('upnpc', '-s'));
    return { time };
  },
};

async function repeat({ sent }) {
  const [{ origin }] = sent;
  const client = new BareClient(origin);
  try {
    const run = await measured(async () => {
      for (const request of sent) await client.send(request);
    });
    return { ...run, sent };
  } finally {
    client.close();
  }
}

/** How often each action was called; what is no SOAP goes by its path. */
function told({ time, processor, sent }) {
  const actions = {};
  for (const { headers, path } of sent) {
    const name = /#(\w+)/.exec(headers.SOAPAction ?? headers.soapaction ?? '')?.[1] ?? path;
    actions[name] = (actions[name] ?? 0) + 1;
  }
  return { time, processor, actions };
}

function run(command, ...argv) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      const text = Buffer.concat(chunks).toString();
      if (code === 0) resolve(text);
      else reject(new Error(`${command} ended with ${code}: ${text}`));
    });
  });
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { op, ...request } = JSON.parse(line);
    answers[op](request).then(
      (result) => process.stdout.write(`${JSON.stringify(result)}\n`),
      (error) => process.stdout.write(`${JSON.stringify({ error: error.stack })}\n`),
    );
  })
  .on('close', () => process.exit(0));
