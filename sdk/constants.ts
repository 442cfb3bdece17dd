/** What Pulumi keeps of a rule in every user's state. None of these three may ever change. */

/** The package of Pulumi's own provider for resources written in JavaScript. */
export const PROVIDER_PACKAGE = 'pulumi-nodejs';

/** The type in the URN of every rule. */
export const RULE_TYPE = 'pulumi-nodejs:dynamic/portforward:PortForwardRule';

/**
 * The text that Pulumi's provider process runs to find the methods: from the program's directory, so that the
 * package may also be the one in which the program lives. No closure is ever serialised.
 */
export const PROVIDER_TEXT =
  'exports.handler=()=>require("module").createRequire(process.cwd()+"/package.json")("portforward/dynamic")';
