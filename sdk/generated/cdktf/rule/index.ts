// https://registry.terraform.io/providers/portforward/portforward/latest/docs/resources/rule
// generated from terraform resource schema

import { Construct } from 'constructs';
import * as cdktf from 'cdktf';

// Configuration

export interface RuleConfig extends cdktf.TerraformMetaArguments {
  /**
  * Names one entry on the gateway that is not ours and that this rule shall take over, by its natural key or its handle. It acts only while the rule is created, and is ignored afterwards. Accepted: the natural key ("tcp:443", "udp:8000-8010@wan2") or the handle of one entry, 1-255 characters on one line. Unset: nothing is taken over.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs/resources/rule#adopt Rule#adopt}
  */
  readonly adopt?: string;
  /**
  * The very external ports that may be forwarded away although the gateway is managed through them. Without it such a rule is refused, since it could lock you out. Accepted: a port 1-65535 (443), a range ("8000-8010") or a list of both ("80,443,8000-8010"), without spaces. A range stands in quotes: without them HCL subtracts. Unset: none.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs/resources/rule#allow_management_ports Rule#allow_management_ports}
  */
  readonly allowManagementPorts?: string;
  /**
  * Free text for people. The mark by which we know our entries is kept apart from it. Accepted: up to 255 characters on one line. Default: `""`.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs/resources/rule#description Rule#description}
  */
  readonly description?: string;
  /**
  * Whether the rule forwards. A disabled rule is kept switched off where the gateway can do that, and is removed from the gateway elsewhere; its absence is then correct. Disabled rules conflict with nothing. Default: `true`.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs/resources/rule#enabled Rule#enabled}
  */
  readonly enabled?: boolean | cdktf.IResolvable;
  /**
  * The ports on the public side of the gateway: one, a range, or a list of both. A port may be named once only. Accepted: a port 1-65535 (443), a range ("8000-8010") or a list of both ("80,443,8000-8010"), without spaces. A range stands in quotes: without them HCL subtracts.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs/resources/rule#external_port Rule#external_port}
  */
  readonly externalPort: string;
  /**
  * Whether hosts inside reach the forward at the public address. Unset leaves it to the habit of the gateway; true or false is enforced, or refused where the gateway cannot. A pinhole has no such thing: hosts inside reach its target at the same address without the gateway, so `false` is refused there or keeps nobody out. Unset: the gateway's own habit, never drift.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs/resources/rule#hairpin Rule#hairpin}
  */
  readonly hairpin?: boolean | cdktf.IResolvable;
  /**
  * The host that the connections go to. It is parsed strictly and never looked up by name. An IPv6 address makes the rule a pinhole: an opening to that host without translation. `gateway` means a service on the gateway itself; an address of its own is refused. So are loopback, link-local, multicast, broadcast and unspecified addresses. Accepted: the IPv4 or IPv6 address of one host ("192.168.1.10", "2001:db8::10"), or "gateway" for a service on the gateway itself.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs/resources/rule#internal_address Rule#internal_address}
  */
  readonly internalAddress: string;
  /**
  * The ports on the target. Its pieces correspond to those of `external_port`: `"80,443"` to `"8080,8443"`, `"8000-8010"` to `"9000-9010"`. Several external ports may go to one internal port when it is written as often: `"8080,8080"`. A pinhole translates nothing, so there it must equal `external_port`. Accepted: the same shape and length as external_port; a port 1-65535 (443), a range ("8000-8010") or a list of both ("80,443,8000-8010"), without spaces. A range stands in quotes: without them HCL subtracts. Default: the same as `external_port`.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs/resources/rule#internal_port Rule#internal_port}
  */
  readonly internalPort?: string;
  /**
  * For gateways whose mappings expire: after how many seconds, unless renewed. Accepted: a whole number of seconds, 1-4294967295. Unset: the gateway's own habit.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs/resources/rule#lease Rule#lease}
  */
  readonly lease?: number;
  /**
  * Whether the gateway logs new connections. Default: `false`.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs/resources/rule#log Rule#log}
  */
  readonly log?: boolean | cdktf.IResolvable;
  /**
  * Names the rule, unique per gateway and owner. It is part of the rule's id (`<owner>/<name>`), by which the rule knows its entries on the gateway. Changing it replaces the rule. Accepted: 1-63 of A-Z a-z 0-9 . _ -.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs/resources/rule#name Rule#name}
  */
  readonly name: string;
  /**
  * The transport protocol. `tcp+udp` forwards the same ports of both. Accepted: `tcp`, `udp` or `tcp+udp`. Default: `"tcp"`.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs/resources/rule#protocol Rule#protocol}
  */
  readonly protocol?: string;
  /**
  * Who may connect, as networks or single addresses of the target's family. Unset means everyone; an empty list is an error. `set:<name>` is reserved for address sets that are kept on the gateway. Accepted: a list of networks or addresses in CIDR notation, such as ["192.0.2.0/24", "198.51.100.7"]. Unset: everyone.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs/resources/rule#sources Rule#sources}
  */
  readonly sources?: string[];
  /**
  * The WAN interface, or the public address, at which the rule takes connections. Unset means every WAN, which overlaps any named one. For a pinhole only an interface can be named. Accepted: the name of an interface (1-15 of A-Z a-z 0-9 _ . -) or one of the public-side addresses of the gateway. Unset: every WAN.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs/resources/rule#wan Rule#wan}
  */
  readonly wan?: string;
}

/**
* Represents a {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs/resources/rule portforward_rule}
*/
export class Rule extends cdktf.TerraformResource {

  // =================
  // STATIC PROPERTIES
  // =================
  public static readonly tfResourceType = "portforward_rule";

  // ==============
  // STATIC Methods
  // ==============
  /**
  * Generates CDKTF code for importing a Rule resource upon running "cdktf plan <stack-name>"
  * @param scope The scope in which to define this construct
  * @param importToId The construct id used in the generated config for the Rule to import
  * @param importFromId The id of the existing Rule that should be imported. Refer to the {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs/resources/rule#import import section} in the documentation of this resource for the id to use
  * @param provider? Optional instance of the provider where the Rule to import is found
  */
  public static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider) {
        return new cdktf.ImportableResource(scope, importToId, { terraformResourceType: "portforward_rule", importId: importFromId, provider });
      }

  // ===========
  // INITIALIZER
  // ===========

  /**
  * Create a new {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs/resources/rule portforward_rule} Resource
  *
  * @param scope The scope in which to define this construct
  * @param id The scoped construct ID. Must be unique amongst siblings in the same scope
  * @param options RuleConfig
  */
  public constructor(scope: Construct, id: string, config: RuleConfig) {
    super(scope, id, {
      terraformResourceType: 'portforward_rule',
      terraformGeneratorMetadata: {
        providerName: 'portforward',
        providerVersionConstraint: '~> 0.1'
      },
      provider: config.provider,
      dependsOn: config.dependsOn,
      count: config.count,
      lifecycle: config.lifecycle,
      provisioners: config.provisioners,
      connection: config.connection,
      forEach: config.forEach
    });
    this._adopt = config.adopt;
    this._allowManagementPorts = config.allowManagementPorts;
    this._description = config.description;
    this._enabled = config.enabled;
    this._externalPort = config.externalPort;
    this._hairpin = config.hairpin;
    this._internalAddress = config.internalAddress;
    this._internalPort = config.internalPort;
    this._lease = config.lease;
    this._log = config.log;
    this._name = config.name;
    this._protocol = config.protocol;
    this._sources = config.sources;
    this._wan = config.wan;
  }

  // ==========
  // ATTRIBUTES
  // ==========

  // adopt - computed: false, optional: true, required: false
  private _adopt?: string; 
  public get adopt() {
    return this.getStringAttribute('adopt');
  }
  public set adopt(value: string) {
    this._adopt = value;
  }
  public resetAdopt() {
    this._adopt = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get adoptInput() {
    return this._adopt;
  }

  // allow_management_ports - computed: false, optional: true, required: false
  private _allowManagementPorts?: string; 
  public get allowManagementPorts() {
    return this.getStringAttribute('allow_management_ports');
  }
  public set allowManagementPorts(value: string) {
    this._allowManagementPorts = value;
  }
  public resetAllowManagementPorts() {
    this._allowManagementPorts = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get allowManagementPortsInput() {
    return this._allowManagementPorts;
  }

  // description - computed: true, optional: true, required: false
  private _description?: string; 
  public get description() {
    return this.getStringAttribute('description');
  }
  public set description(value: string) {
    this._description = value;
  }
  public resetDescription() {
    this._description = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get descriptionInput() {
    return this._description;
  }

  // device - computed: true, optional: false, required: false
  public get device() {
    return this.getStringAttribute('device');
  }

  // enabled - computed: true, optional: true, required: false
  private _enabled?: boolean | cdktf.IResolvable; 
  public get enabled() {
    return this.getBooleanAttribute('enabled');
  }
  public set enabled(value: boolean | cdktf.IResolvable) {
    this._enabled = value;
  }
  public resetEnabled() {
    this._enabled = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get enabledInput() {
    return this._enabled;
  }

  // endpoint - computed: true, optional: false, required: false
  public get endpoint() {
    return this.getStringAttribute('endpoint');
  }

  // external_port - computed: false, optional: false, required: true
  private _externalPort?: string; 
  public get externalPort() {
    return this.getStringAttribute('external_port');
  }
  public set externalPort(value: string) {
    this._externalPort = value;
  }
  // Temporarily expose input value. Use with caution.
  public get externalPortInput() {
    return this._externalPort;
  }

  // gateway_name - computed: true, optional: false, required: false
  public get gatewayName() {
    return this.getStringAttribute('gateway_name');
  }

  // hairpin - computed: false, optional: true, required: false
  private _hairpin?: boolean | cdktf.IResolvable; 
  public get hairpin() {
    return this.getBooleanAttribute('hairpin');
  }
  public set hairpin(value: boolean | cdktf.IResolvable) {
    this._hairpin = value;
  }
  public resetHairpin() {
    this._hairpin = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get hairpinInput() {
    return this._hairpin;
  }

  // id - computed: true, optional: false, required: false
  public get id() {
    return this.getStringAttribute('id');
  }

  // internal_address - computed: false, optional: false, required: true
  private _internalAddress?: string; 
  public get internalAddress() {
    return this.getStringAttribute('internal_address');
  }
  public set internalAddress(value: string) {
    this._internalAddress = value;
  }
  // Temporarily expose input value. Use with caution.
  public get internalAddressInput() {
    return this._internalAddress;
  }

  // internal_port - computed: true, optional: true, required: false
  private _internalPort?: string; 
  public get internalPort() {
    return this.getStringAttribute('internal_port');
  }
  public set internalPort(value: string) {
    this._internalPort = value;
  }
  public resetInternalPort() {
    this._internalPort = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get internalPortInput() {
    return this._internalPort;
  }

  // lease - computed: false, optional: true, required: false
  private _lease?: number; 
  public get lease() {
    return this.getNumberAttribute('lease');
  }
  public set lease(value: number) {
    this._lease = value;
  }
  public resetLease() {
    this._lease = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get leaseInput() {
    return this._lease;
  }

  // log - computed: true, optional: true, required: false
  private _log?: boolean | cdktf.IResolvable; 
  public get log() {
    return this.getBooleanAttribute('log');
  }
  public set log(value: boolean | cdktf.IResolvable) {
    this._log = value;
  }
  public resetLog() {
    this._log = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get logInput() {
    return this._log;
  }

  // name - computed: false, optional: false, required: true
  private _name?: string; 
  public get name() {
    return this.getStringAttribute('name');
  }
  public set name(value: string) {
    this._name = value;
  }
  // Temporarily expose input value. Use with caution.
  public get nameInput() {
    return this._name;
  }

  // owner - computed: true, optional: false, required: false
  public get owner() {
    return this.getStringAttribute('owner');
  }

  // protocol - computed: true, optional: true, required: false
  private _protocol?: string; 
  public get protocol() {
    return this.getStringAttribute('protocol');
  }
  public set protocol(value: string) {
    this._protocol = value;
  }
  public resetProtocol() {
    this._protocol = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get protocolInput() {
    return this._protocol;
  }

  // sources - computed: false, optional: true, required: false
  private _sources?: string[]; 
  public get sources() {
    return cdktf.Fn.tolist(this.getListAttribute('sources'));
  }
  public set sources(value: string[]) {
    this._sources = value;
  }
  public resetSources() {
    this._sources = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get sourcesInput() {
    return this._sources;
  }

  // wan - computed: false, optional: true, required: false
  private _wan?: string; 
  public get wan() {
    return this.getStringAttribute('wan');
  }
  public set wan(value: string) {
    this._wan = value;
  }
  public resetWan() {
    this._wan = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get wanInput() {
    return this._wan;
  }

  // =========
  // SYNTHESIS
  // =========

  protected synthesizeAttributes(): { [name: string]: any } {
    return {
      adopt: cdktf.stringToTerraform(this._adopt),
      allow_management_ports: cdktf.stringToTerraform(this._allowManagementPorts),
      description: cdktf.stringToTerraform(this._description),
      enabled: cdktf.booleanToTerraform(this._enabled),
      external_port: cdktf.stringToTerraform(this._externalPort),
      hairpin: cdktf.booleanToTerraform(this._hairpin),
      internal_address: cdktf.stringToTerraform(this._internalAddress),
      internal_port: cdktf.stringToTerraform(this._internalPort),
      lease: cdktf.numberToTerraform(this._lease),
      log: cdktf.booleanToTerraform(this._log),
      name: cdktf.stringToTerraform(this._name),
      protocol: cdktf.stringToTerraform(this._protocol),
      sources: cdktf.listMapper(cdktf.stringToTerraform, false)(this._sources),
      wan: cdktf.stringToTerraform(this._wan),
    };
  }

  protected synthesizeHclAttributes(): { [name: string]: any } {
    const attrs = {
      adopt: {
        value: cdktf.stringToHclTerraform(this._adopt),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      allow_management_ports: {
        value: cdktf.stringToHclTerraform(this._allowManagementPorts),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      description: {
        value: cdktf.stringToHclTerraform(this._description),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      enabled: {
        value: cdktf.booleanToHclTerraform(this._enabled),
        isBlock: false,
        type: "simple",
        storageClassType: "boolean",
      },
      external_port: {
        value: cdktf.stringToHclTerraform(this._externalPort),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      hairpin: {
        value: cdktf.booleanToHclTerraform(this._hairpin),
        isBlock: false,
        type: "simple",
        storageClassType: "boolean",
      },
      internal_address: {
        value: cdktf.stringToHclTerraform(this._internalAddress),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      internal_port: {
        value: cdktf.stringToHclTerraform(this._internalPort),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      lease: {
        value: cdktf.numberToHclTerraform(this._lease),
        isBlock: false,
        type: "simple",
        storageClassType: "number",
      },
      log: {
        value: cdktf.booleanToHclTerraform(this._log),
        isBlock: false,
        type: "simple",
        storageClassType: "boolean",
      },
      name: {
        value: cdktf.stringToHclTerraform(this._name),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      protocol: {
        value: cdktf.stringToHclTerraform(this._protocol),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      sources: {
        value: cdktf.listMapperHcl(cdktf.stringToHclTerraform, false)(this._sources),
        isBlock: false,
        type: "set",
        storageClassType: "stringList",
      },
      wan: {
        value: cdktf.stringToHclTerraform(this._wan),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
    };

    // remove undefined attributes
    return Object.fromEntries(Object.entries(attrs).filter(([_, value]) => value !== undefined && value.value !== undefined ))
  }
}
