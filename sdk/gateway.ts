import * as pulumi from '@pulumi/pulumi';
import type { BackendKind } from '../provider/backends/kind';
import { findKind, kindNames } from '../provider/backends/registry';
import { defaultOwner } from '../provider/rule/identity';
import { watchComponents } from './components';
import { PROVIDER_PACKAGE } from './constants';
import { argumentsProblem, gatewayProblems } from './gateway-arguments';
import { assertInstalled } from './installed';
import { placeOf, ruleSetOf } from './places';
import type { RuleSet } from './rule-set';

/** What every kind of gateway takes. */
export interface CommonGatewayArgs {
  /** Whose rules these are; part of every rule's id on the device. Default: `<project>/<stack>`. */
  owner?: pulumi.Input<string>;
  /** The gateway's name in state and messages. Default: the logical name. Another name moves the rules. */
  name?: pulumi.Input<string>;
  /** What state records as the place of the gateway, where machines reach one device by different paths. Default: kind and url or path. */
  endpoint?: pulumi.Input<string>;
  /** What a refresh does while the gateway does not answer: `fail` (default) ends it, `keep` keeps the recorded rules with a warning. */
  unreachable?: pulumi.Input<'fail' | 'keep'>;
  /** Seconds that one call to the gateway may take. Default 30. */
  timeout?: pulumi.Input<number>;
  /** Seconds that a mapping which expires shall still live when it is renewed. Default half of what the gateway granted. */
  renewBefore?: pulumi.Input<number>;
}

/** A Linux host that runs portforward-agent. */
export interface AgentGatewayArgs extends CommonGatewayArgs {
  kind: 'agent';
  /** Absolute path of the agent's Unix socket, or of one that `ssh -L` forwards to it. Default `/run/portforward/agent.sock`. */
  socket?: pulumi.Input<string>;
  /** The token that the agent was started with, where it wants one. Kept encrypted. */
  token?: pulumi.Input<string>;
  /** The environment variable that holds the token; it is read where the gateway is spoken to. Default `PORTFORWARD_TOKEN`. */
  tokenEnv?: pulumi.Input<string>;
}

/** An OpenWrt router, over its web server. */
export interface OpenwrtGatewayArgs extends CommonGatewayArgs {
  kind: 'openwrt';
  /** Address of the router: `https://192.168.1.1`. Default: the environment variable `PORTFORWARD_URL`. */
  url?: pulumi.Input<string>;
  /** The account at the router, with the rights of the ACL file alone. Default: the environment variable `PORTFORWARD_USERNAME`. */
  username?: pulumi.Input<string>;
  /** Its password. Kept encrypted. */
  password?: pulumi.Input<string>;
  /** The environment variable that holds the password; it is read where the gateway is spoken to. Default `PORTFORWARD_PASSWORD`. */
  passwordEnv?: pulumi.Input<string>;
  /** PEM file with the authority that signed the router's certificate, or with that certificate. */
  caFile?: pulumi.Input<string>;
  /** Pins of the router's public key, up to two; `portforward gateway trust <url>` prints the line. */
  pins?: pulumi.Input<pulumi.Input<string>[]>;
  /** Send the credential also to whoever cannot prove to be the router. Default false. */
  insecure?: pulumi.Input<boolean>;
  /** The firewall zones that face the internet. Default: those that hold a default route. */
  wanZones?: pulumi.Input<pulumi.Input<string>[]>;
}

/** A home router with UPnP IGD. Without arguments: the only one that answers a search. */
export interface UpnpGatewayArgs extends CommonGatewayArgs {
  kind: 'upnp';
  /** URL of its UPnP description, by its address inside. Default: the environment variable `PORTFORWARD_UPNP_URL`, else a search. */
  url?: pulumi.Input<string>;
  /** Its unique name, `uuid:…`, as `portforward discover` prints it. Default: the environment variable `PORTFORWARD_UDN`. */
  udn?: pulumi.Input<string>;
  /** Interfaces of this machine to search on, by name or own address. Default: all but loopback. */
  interfaces?: pulumi.Input<pulumi.Input<string>[]>;
}

/** The arguments of a gateway, by its `kind`. */
export type GatewayArgs = AgentGatewayArgs | OpenwrtGatewayArgs | UpnpGatewayArgs;

/**
 * A gateway on which rules live. Its configuration, secrets encrypted, belongs to it and to no rule. Credentials may
 * also be left out here and put into the environment: then they are read where the gateway is spoken to.
 *
 * Throws RunError for unknown, missing or wrong arguments.
 *
 * @example
 * const home = new Gateway('home', { kind: 'agent', socket: '/run/portforward/agent.sock' });
 */
export class Gateway extends pulumi.ProviderResource {
  // Pulumi writes the fields of an exported resource into the stack's outputs, except private ones and those with `__`.
  readonly #logicalName: string;
  readonly #rules: RuleSet;
  private readonly __portforwardGateway = true;

  constructor(name: string, args: GatewayArgs, opts?: pulumi.ResourceOptions) {
    assertInstalled(process.cwd());
    watchComponents();
    const kind = checkedKind(name, args);
    const owner = args.owner ?? defaultOwner(pulumi.getProject(), pulumi.getStack());
    super(PROVIDER_PACKAGE, name, inputsOf(kind, { ...args, owner, name: args.name ?? name }), opts);
    this.#logicalName = name;
    this.#rules = ruleSetOf(name, placeOf(kind, args, owner));
  }

  /** How the program calls this resource. */
  get logicalName(): string {
    return this.#logicalName;
  }

  /** The rules that the running program put on this gateway. @internal */
  get rules(): RuleSet {
    return this.#rules;
  }

  /** True for a Gateway, also of another copy of this package in one process. */
  static override isInstance(value: unknown): value is Gateway {
    return (value as { __portforwardGateway?: boolean } | null | undefined)?.__portforwardGateway === true;
  }
}

function checkedKind(name: string, args: GatewayArgs): BackendKind {
  const wrong = argumentsProblem(args, name, kindNames());
  if (wrong !== null) throw new pulumi.RunError(`gateway "${name}": ${wrong}`);
  const kind = findKind(args.kind);
  const problems = gatewayProblems(args, kind, kindNames());
  if (kind !== undefined && problems.length === 0) return kind;
  throw new pulumi.RunError(problems.map((problem) => `gateway "${name}": ${problem}`).join('\n'));
}

/** The inputs as Pulumi keeps them: `portforward:<argument>`, text as it is, the rest as JSON, secrets marked. */
function inputsOf(kind: BackendKind, args: object): pulumi.Inputs {
  const inputs: pulumi.Inputs = {};
  for (const [argument, value] of Object.entries(args)) {
    if (value === undefined) continue;
    const text = typeof value === 'string' ? value : pulumi.output(value).apply(asText);
    inputs[`portforward:${argument}`] = kind.arguments[argument]?.secret ? pulumi.secret(text) : text;
  }
  return inputs;
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
