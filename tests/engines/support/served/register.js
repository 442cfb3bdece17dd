/** Loaded before anything else in a provider process: the built package then knows the gateways that tests serve, too. */
const { join } = require('node:path');

const root = process.env.PORTFORWARD_PACKAGE ?? join(__dirname, '..', '..', '..', '..');
require(join(__dirname, '..', '..', '..', 'agent', 'support', 'typescript.js'));

const { kinds } = require(join(root, 'dist', 'provider', 'backends', 'registry.js'));
const { servedKind } = require('./kind.ts');

kinds.push(servedKind);
