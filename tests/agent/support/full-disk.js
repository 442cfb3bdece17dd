/** Fills the state directory (argv 2, on a small file system) until a batch is refused, and tells what is left. */
require('./typescript');
const { Store } = require('../../../agent/store/store.ts');
const { wanted } = require('./wanted.ts');

async function main() {
  const store = await Store.open(process.argv[2]);
  let { state } = await store.load();
  for (let number = 1; number < 2000; number += 1) {
    const entries = [...state.entries];
    for (let index = 0; index < 20; index += 1) {
      const { tag, id, forward } = wanted({ name: `r${number}-${index}`, externalPort: number });
      entries.push({ tag, id, forward });
    }
    const next = { ...state, number, entries };
    try {
      await store.writePending(next, state);
    } catch (error) {
      const loaded = await store.load();
      const after = loaded.kind === 'ok' && loaded.pending === null ? loaded.state.number : -1;
      process.stdout.write(JSON.stringify({ message: error.message, before: state.number, after }));
      return;
    }
    await store.commit();
    state = next;
  }
  throw new Error('the disk never filled');
}

main();
