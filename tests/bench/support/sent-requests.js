const { subscribe, unsubscribe } = require('node:diagnostics_channel');

const CHANNEL = 'undici:client:sendHeaders';

/**
 * Notes every HTTP request that our client (undici) sends in this process, so that a bare client can send the very same. `end`
 * ends that, and tells what was sent, in order; `alone` = over a connection that carried nothing else.
 */
function noteRequests() {
  const sent = [];
  const hear = ({ request, headers, socket }) => {
    const { origin, method, path, body } = request;
    sent.push({ origin, method, path, headers: headersIn(headers), body: body?.toString() ?? null, socket });
  };
  subscribe(CHANNEL, hear);
  const end = () => {
    unsubscribe(CHANNEL, hear);
    const uses = (socket) => sent.filter((one) => one.socket === socket).length;
    return sent.map(({ socket, ...request }) => ({ ...request, alone: uses(socket) === 1 }));
  };
  return { end };
}

/** Without those that belong to a connection: every client has its own. */
const OF_THE_CONNECTION = ['host', 'connection', 'content-length'];

function headersIn(text) {
  const lines = text.split('\r\n').slice(1).filter(Boolean);
  const pairs = lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]);
  return Object.fromEntries(
    pairs
      .map(([name, value]) => [name, value.trim()])
      .filter(([name]) => !OF_THE_CONNECTION.includes(name.toLowerCase())),
  );
}

module.exports = { noteRequests };
