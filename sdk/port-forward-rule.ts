import * as pulumi from '@pulumi/pulumi';
import type { RecordedEntry } from '../provider/pulumi/outputs';
import { ruleOutputs } from '../provider/pulumi/outputs';
import { PROVIDER_TEXT, RULE_TYPE } from './constants';
import { findGateway } from './find-gateway';
import type { Gateway } from './gateway';

/** What a rule declares. The reference of every property is in docs/rule.md. */
export interface PortForwardRuleArgs {
  /** Unique per gateway and owner, 1-63 of `[A-Za-z0-9._-]`; part of the id, so another name replaces. Default: the logical name. */
  name?: pulumi.Input<string>;
  /** Default true. */
  enabled?: pulumi.Input<boolean>;
  /** Default `tcp`. */
  protocol?: pulumi.Input<'tcp' | 'udp' | 'tcp+udp'>;
  /** `443`, `"8000-8010"` or `"80,443,8000-8010"`. */
  externalPort: pulumi.Input<number | string>;
  /** WAN interface or public address. Default: every WAN. */
  wan?: pulumi.Input<string>;
  /** IPv4, IPv6 (a pinhole), or `"gateway"` for a service on the gateway itself. */
  internalAddress: pulumi.Input<string>;
  /** As many ports as `externalPort` has. Default: the same. */
  internalPort?: pulumi.Input<number | string>;
  /** CIDRs that may connect. Default: everyone. */
  sources?: pulumi.Input<pulumi.Input<string>[]>;
  /** Reaching the public address from inside. Default: the gateway's own habit. */
  hairpin?: pulumi.Input<boolean>;
  /** Default false. */
  log?: pulumi.Input<boolean>;
  description?: pulumi.Input<string>;
  /** Natural key or handle of one foreign entry to take over while creating; ignored afterwards. */
  adopt?: pulumi.Input<string>;
  /** Seconds, for gateways whose mappings expire. */
  lease?: pulumi.Input<number>;
  /** External ports that may be forwarded away although the gateway is managed through them. */
  allowManagementPorts?: pulumi.Input<number | string>;
}

/** Pulumi's options, and the gateway. */
export interface PortForwardRuleOptions extends pulumi.CustomResourceOptions {
  /** Where the rule lives; may be left out inside a component that was given `providers: [gateway]`. */
  gateway?: Gateway;
}

/**
 * A port forward on a gateway. Everything known is checked here, all rules of the program together: mistakes and
 * conflicts are told in one error when the program's turn ends, and then no rule of it is made.
 *
 * Throws RunError where no gateway or more than one is found.
 *
 * @example
 * new PortForwardRule('web', { externalPort: 443, internalAddress: '192.168.1.10' }, { gateway: home });
 */
export class PortForwardRule extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly enabled: pulumi.Output<boolean | undefined>;
  declare readonly protocol: pulumi.Output<'tcp' | 'udp' | 'tcp+udp' | undefined>;
  declare readonly externalPort: pulumi.Output<number | string>;
  declare readonly wan: pulumi.Output<string | undefined>;
  declare readonly internalAddress: pulumi.Output<string>;
  declare readonly internalPort: pulumi.Output<number | string | undefined>;
  declare readonly sources: pulumi.Output<string[] | undefined>;
  declare readonly hairpin: pulumi.Output<boolean | undefined>;
  declare readonly log: pulumi.Output<boolean | undefined>;
  declare readonly description: pulumi.Output<string | undefined>;
  declare readonly adopt: pulumi.Output<string | undefined>;
  declare readonly lease: pulumi.Output<number | undefined>;
  declare readonly allowManagementPorts: pulumi.Output<number | string | undefined>;
  /** Whose rule it is. */
  declare readonly owner: pulumi.Output<string>;
  /** The gateway's name. */
  declare readonly gatewayName: pulumi.Output<string>;
  /** Kind and url or path of the gateway. */
  declare readonly endpoint: pulumi.Output<string>;
  /** The identity that the device tells; null where it tells none. */
  declare readonly device: pulumi.Output<string | null>;
  /** The entries in the gateway's own table. */
  declare readonly entries: pulumi.Output<RecordedEntry[]>;
  /** ISO time by which a leased mapping must be renewed; absent where nothing expires. */
  declare readonly renewalDue: pulumi.Output<string | undefined>;

  constructor(name: string, args: PortForwardRuleArgs, opts: PortForwardRuleOptions = {}) {
    const { gateway, ...others } = opts;
    const home = findGateway(name, opts);
    const inputs = { ...defined(args), name: args?.name ?? name };
    const checked = home.rules.add(name, inputs);
    // Pulumi keeps the text of a stack for each promise of each property, some eighty a rule, and ts-node maps each to
    // sources: measured, a third of the engine's processor time. It sets a limit of its own where it wants to know a place.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      super(
        RULE_TYPE,
        name,
        { ...propertiesOf(inputs), __provider: PROVIDER_TEXT },
        { ...others, provider: home, dependsOn: after(checked, opts.dependsOn) },
      );
    } finally {
      Error.stackTraceLimit = limit;
    }
  }
}

/**
 * Pulumi waits for dependencies before it registers anything, so a check that fails leaves the rule unregistered.
 * Through an input it would do the same, but put words of its own before ours.
 */
function after(checked: Promise<void>, dependsOn: DependsOn): NonNullable<DependsOn> {
  const given = Array.isArray(dependsOn) ? dependsOn : dependsOn === undefined ? [] : [dependsOn];
  return checked.then(() => given) as Promise<pulumi.Input<pulumi.Resource>[]>;
}

type DependsOn = pulumi.CustomResourceOptions['dependsOn'];

/**
 * Undefined declares an output: unknown in a preview, and there afterwards. What is no property of a rule is left out:
 * Pulumi makes a field of each, and one that it has already would break the constructor before the rule is refused.
 */
function propertiesOf(inputs: Readonly<Record<string, unknown>>): pulumi.Inputs {
  return Object.fromEntries(ruleOutputs.map((output) => [output, inputs[output]]));
}

function defined(args: PortForwardRuleArgs): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args ?? {}).filter(([, value]) => value !== undefined));
}
