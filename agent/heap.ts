import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/*
 * Imported first. A router has little memory: garbage is collected early, nothing is compiled before it is called, and files
 * are few, so one thread for them is enough (each has a heap of its own). The systemd unit sets the rest, which only the
 * environment of a starting process can.
 */
setFlagsFromString('--max-lazy');
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--no-opt');
setFlagsFromString('--no-parallel-scavenge');
setFlagsFromString('--expose-gc');
process.env.UV_THREADPOOL_SIZE ??= '1';

const collect = runInNewContext('gc') as () => void;

/** Bytes of garbage that may pile up before it is worth some milliseconds of work. */
const ENOUGH = 8 * 1024 * 1024;

let left = getHeapStatistics().used_heap_size;

/** Collects the garbage of a large request before the next one adds its own. Cheap when there is little. */
export function tidyHeap(): void {
  if (getHeapStatistics().used_heap_size < left + ENOUGH) return;
  collect();
  left = getHeapStatistics().used_heap_size;
}
