#!/usr/bin/env node
import { run } from './program';
import { processTerminal } from './terminal';

run(process.argv.slice(2), processTerminal()).then((status) => {
  process.exitCode = status;
});
