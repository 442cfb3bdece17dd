const topics = [
  'requests',
  'engine',
  'terraform',
  'agent-batch',
  'agent-change',
  'openwrt',
  'upnp',
  'packets',
  'memory',
  'start',
];

const USAGE = `npm run bench -- [options]

Measures portforward on this machine, each figure against its floor in the same run. All traffic stays in network
namespaces of its own, or on loopback (openwrt). Takes twenty minutes; a busy machine makes it several times longer, and
its figures worse.

  --only <topic>   one part alone; repeat for several: ${topics.join(', ')}
  --quick          smaller sizes and fewer repetitions: shows that it runs, its figures mean little
  --rules <count>  how many rules the topics engine and terraform declare; default 1000
  --json           the figures with every single repetition, for machines
  --no-install     fail instead of installing what is missing
  --help

Exit: 0 measured (goals may be missed, the table says which), 1 something could not be measured, 2 wrong options.`;

class UsageError extends Error {
  usage = true;
}

function readOptions(args) {
  const options = { only: [], quick: false, rules: null, json: false, help: false };
  const left = [...args];
  for (let arg = left.shift(); arg !== undefined; arg = left.shift()) {
    if (arg === '--only') options.only.push(...topicsIn(left.shift()));
    else if (arg.startsWith('--only=')) options.only.push(...topicsIn(arg.slice('--only='.length)));
    else if (arg === '--rules') options.rules = countIn(left.shift());
    else if (arg === '--quick') options.quick = true;
    else if (arg === '--json') options.json = true;
    else if (arg === '--help') options.help = true;
    else if (arg !== '--no-install') throw new UsageError(`Unknown option ${arg}.`);
  }
  if (options.only.length === 0) options.only = topics;
  return options;
}

function topicsIn(text) {
  const names = (text ?? '').split(',').filter(Boolean);
  const unknown = names.find((name) => !topics.includes(name));
  if (names.length === 0 || unknown !== undefined)
    throw new UsageError(`--only takes one of ${topics.join(', ')}${unknown ? `, not "${unknown}"` : ''}.`);
  return names;
}

function countIn(text) {
  const count = /^[1-9][0-9]{0,3}$/.test(text ?? '') ? Number(text) : 0;
  // What an agent keeps unless it is told otherwise.
  if (count >= 1 && count <= 2000) return count;
  throw new UsageError('--rules takes a number from 1 to 2000.');
}

module.exports = { readOptions, topics, USAGE };
