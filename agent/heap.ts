import { setFlagsFromString } from 'node:v8';

// A router has little memory: garbage is collected early, and nothing is compiled before it is called. Imported first.
setFlagsFromString('--heap-growing-percent=20');
setFlagsFromString('--max-lazy');
