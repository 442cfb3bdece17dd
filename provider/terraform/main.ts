#!/usr/bin/env node
import { SOURCE } from './source';
import { starter } from './wire/handshake';
import { serve } from './wire/serve';

const { version } = require('portforward/package.json') as { version: string };

/** Without an engine as its parent it serves runs that have nothing to do with each other. */
const engine = starter(process.env) === 'engine' ? process.ppid : null;

serve(
  () => {
    // After the handshake: until then the engine waits.
    const { terraformProvider } = require('./rpc/provider') as typeof import('./rpc/provider');
    const { reserve } = require('./rpc/reservation') as typeof import('./rpc/reservation');
    const { kinds } = require('../backends/registry') as typeof import('../backends/registry');
    return terraformProvider({
      kinds,
      env: process.env,
      ...(engine === null
        ? {}
        : { reserve: (owner, endpoint, name) => reserve(engine, owner, endpoint, name) }),
    });
  },
  { version, source: SOURCE },
);
