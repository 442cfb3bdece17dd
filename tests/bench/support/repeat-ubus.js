const { setTimeout: pause } = require('node:timers/promises');
const { BareClient } = require('./bare-client');
const { measured } = require('./measured');

const NOBODY = '0'.repeat(32);
/** Milliseconds between two questions whether the firewall has loaded. */
const STEP = 20;

/** Sends what two runs of ours sent to the router, each with a login of its own, and reads the answers as JSON. */
async function repeatUbus(url, { create, refresh }) {
  const run = (sent) => measured(() => repeatRun(new BareClient(new URL(url).origin), sent));
  return { create: await run(create.sent), refresh: await run(refresh.sent) };
}

async function repeatRun(client, sent) {
  /** Logins of the run that is repeated, and ours in their place. */
  const logins = new Map([[NOBODY, NOBODY]]);
  let latest = NOBODY;
  const send = async ({ body, calls, ...request }) => {
    const [theirs] = calls[0].params;
    if (!logins.has(theirs)) logins.set(theirs, latest);
    const { status, text } = await client.send({
      ...request,
      body: body.replaceAll(theirs, logins.get(theirs)),
    });
    if (status !== 200) throw new Error(`the router answered the bare client with ${status}: ${text}`);
    const [first] = [JSON.parse(text)].flat();
    latest = first.result?.[1]?.ubus_rpc_session ?? latest;
    return first.result;
  };
  try {
    for (const [index, request] of sent.entries()) {
      const waits = [sent[index - 1], request, sent[index + 1]].map(asksForReload);
      if (waits[0] && waits[1]) continue;
      // Asked once alone, the firewall had loaded already.
      if (waits[1] && waits[2]) await reloaded(() => send(request));
      else await send(request);
    }
  } finally {
    client.close();
  }
}

/** Ours asks for one chain alone, again and again, until the firewall shows another. */
function asksForReload(request) {
  return request?.calls.length === 1 && request.calls[0].params.slice(1, 3).join() === 'file,exec';
}

async function reloaded(ask) {
  const before = JSON.stringify(await ask());
  do await pause(STEP);
  while (JSON.stringify(await ask()) === before);
}

module.exports = { repeatUbus };
