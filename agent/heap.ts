import { setFlagsFromString } from 'node:v8';

/*
 * Imported first. A router has little memory: garbage is collected early, nothing is compiled before it is called, and files
 * are few, so one thread for them is enough (each has a heap of its own).
 */
setFlagsFromString('--heap-growing-percent=20');
setFlagsFromString('--max-lazy');
process.env.UV_THREADPOOL_SIZE ??= '1';
