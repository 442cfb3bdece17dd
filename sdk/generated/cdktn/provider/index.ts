// https://registry.terraform.io/providers/portforward/portforward/latest/docs
// generated from terraform resource schema

import { Construct } from 'constructs';
import * as cdktn from 'cdktn';

// Configuration

export interface PortforwardProviderConfig {
  /**
  * For `openwrt`: PEM file with the authority that signed the gateway's certificate, or with that certificate. Default: the authorities that this machine believes.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs#ca_file PortforwardProvider#ca_file}
  */
  readonly caFile?: string;
  /**
  * What state records as the place of the gateway, where machines reach one device by different paths. Default: its kind and its URL or path.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs#endpoint PortforwardProvider#endpoint}
  */
  readonly endpoint?: string;
  /**
  * For `openwrt`: Send the credential also to whoever cannot prove to be the gateway: any certificate, or `http://`. Default: `false`.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs#insecure PortforwardProvider#insecure}
  */
  readonly insecure?: boolean | cdktn.IResolvable;
  /**
  * For `upnp`: Interfaces of this machine to search on, by name or by the machine's own address. Default: all but loopback.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs#interfaces PortforwardProvider#interfaces}
  */
  readonly interfaces?: string[];
  /**
  * The kind of the gateway. One of: `agent` (Linux host with portforward-agent), `openwrt` (OpenWrt router, over its web server), `upnp` (home router with UPnP IGD). Required, here or as the environment variable `PORTFORWARD_KIND`.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs#kind PortforwardProvider#kind}
  */
  readonly kind?: string;
  /**
  * The gateway's name in state and messages. Default: the endpoint.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs#name PortforwardProvider#name}
  */
  readonly name?: string;
  /**
  * Whose rules these are; part of every rule's id on the gateway. Required, here or as the environment variable `PORTFORWARD_OWNER`.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs#owner PortforwardProvider#owner}
  */
  readonly owner?: string;
  /**
  * For `openwrt`: The password of that account. Default: what the environment variable holds that `password_env` names, else `PORTFORWARD_PASSWORD`.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs#password PortforwardProvider#password}
  */
  readonly password?: string;
  /**
  * For `openwrt`: The environment variable that holds `password`, read where the gateway is spoken to. Default: `"PORTFORWARD_PASSWORD"`.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs#password_env PortforwardProvider#password_env}
  */
  readonly passwordEnv?: string;
  /**
  * For `openwrt`: Pins of the gateway's public key (`sha256/…`, up to two, so that the key can be changed); they stand in for name, age and issuer of its certificate. `portforward gateway trust <url>` prints the line. Default: the certificate must be valid for the name in `url`.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs#pins PortforwardProvider#pins}
  */
  readonly pins?: string[];
  /**
  * Seconds that a mapping which expires shall still live when it is renewed; for gateways whose mappings expire. Default: half of what the gateway granted.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs#renew_before PortforwardProvider#renew_before}
  */
  readonly renewBefore?: number;
  /**
  * For `agent`: Absolute path of the Unix socket of portforward-agent, or of one that `ssh -L` forwards to it. Default: the environment variable `PORTFORWARD_SOCKET`, else `"/run/portforward/agent.sock"`.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs#socket PortforwardProvider#socket}
  */
  readonly socket?: string;
  /**
  * Seconds that one call to the gateway may take. Default: `30`.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs#timeout PortforwardProvider#timeout}
  */
  readonly timeout?: number;
  /**
  * For `agent`: The token that the agent was started with, where it wants one. Default: what the environment variable holds that `token_env` names, else `PORTFORWARD_TOKEN`.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs#token PortforwardProvider#token}
  */
  readonly token?: string;
  /**
  * For `agent`: The environment variable that holds `token`, read where the gateway is spoken to. Default: `"PORTFORWARD_TOKEN"`.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs#token_env PortforwardProvider#token_env}
  */
  readonly tokenEnv?: string;
  /**
  * For `upnp`: Unique name of the gateway, `uuid:…`, by which it is found again although its address or port changed; needed where several gateways answer. `portforward discover` prints it. Default: the environment variable `PORTFORWARD_UDN`, else the only gateway that answers.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs#udn PortforwardProvider#udn}
  */
  readonly udn?: string;
  /**
  * What a refresh does while the gateway does not answer: `fail` ends it, `keep` keeps the recorded rules with a warning. Accepted: `"fail"` or `"keep"`. Default: `"fail"`.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs#unreachable PortforwardProvider#unreachable}
  */
  readonly unreachable?: string;
  /**
  * For `openwrt`: Address of the gateway: `https://192.168.1.1`, with a port or path where it needs one. Required, here or as the environment variable `PORTFORWARD_URL`. For `upnp`: URL of the gateway's UPnP description, by its address inside: `http://192.168.1.1:5000/rootDesc.xml`. `portforward discover` prints it. Default: the environment variable `PORTFORWARD_UPNP_URL`, else the gateway is searched for.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs#url PortforwardProvider#url}
  */
  readonly url?: string;
  /**
  * For `openwrt`: The account at the router (`config login` in /etc/config/rpcd). Give this program one of its own, with the rights of the ACL file that comes with it, and not `root`. Required, here or as the environment variable `PORTFORWARD_USERNAME`.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs#username PortforwardProvider#username}
  */
  readonly username?: string;
  /**
  * For `openwrt`: The firewall zones that face the internet. Default: the zones that hold a default route.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs#wan_zones PortforwardProvider#wan_zones}
  */
  readonly wanZones?: string[];
  /**
  * Alias name
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs#alias PortforwardProvider#alias}
  */
  readonly alias?: string;
}

/**
* Represents a {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs portforward}
*/
export class PortforwardProvider extends cdktn.TerraformProvider {

  // =================
  // STATIC PROPERTIES
  // =================
  public static readonly tfResourceType = "portforward";

  // ==============
  // STATIC Methods
  // ==============
  /**
  * Generates CDKTN code for importing a PortforwardProvider resource upon running "cdktn plan <stack-name>"
  * @param scope The scope in which to define this construct
  * @param importToId The construct id used in the generated config for the PortforwardProvider to import
  * @param importFromId The id of the existing PortforwardProvider that should be imported. Refer to the {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs#import import section} in the documentation of this resource for the id to use
  * @param provider? Optional instance of the provider where the PortforwardProvider to import is found
  */
  public static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktn.TerraformProvider) {
        return new cdktn.ImportableResource(scope, importToId, { terraformResourceType: "portforward", importId: importFromId, provider });
      }

  // ===========
  // INITIALIZER
  // ===========

  /**
  * Create a new {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs portforward} Resource
  *
  * @param scope The scope in which to define this construct
  * @param id The scoped construct ID. Must be unique amongst siblings in the same scope
  * @param options PortforwardProviderConfig = {}
  */
  public constructor(scope: Construct, id: string, config: PortforwardProviderConfig = {}) {
    super(scope, id, {
      terraformResourceType: 'portforward',
      terraformGeneratorMetadata: {
        providerName: 'portforward',
        providerVersionConstraint: '~> 0.1'
      },
      terraformProviderSource: 'portforward/portforward'
    });
    this._caFile = config.caFile;
    this._endpoint = config.endpoint;
    this._insecure = config.insecure;
    this._interfaces = config.interfaces;
    this._kind = config.kind;
    this._name = config.name;
    this._owner = config.owner;
    this._password = config.password;
    this._passwordEnv = config.passwordEnv;
    this._pins = config.pins;
    this._renewBefore = config.renewBefore;
    this._socket = config.socket;
    this._timeout = config.timeout;
    this._token = config.token;
    this._tokenEnv = config.tokenEnv;
    this._udn = config.udn;
    this._unreachable = config.unreachable;
    this._url = config.url;
    this._username = config.username;
    this._wanZones = config.wanZones;
    this._alias = config.alias;
  }

  // ==========
  // ATTRIBUTES
  // ==========

  // ca_file - computed: false, optional: true, required: false
  private _caFile?: string; 
  public get caFile() {
    return this._caFile;
  }
  public set caFile(value: string | undefined) {
    this._caFile = value;
  }
  public resetCaFile() {
    this._caFile = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get caFileInput() {
    return this._caFile;
  }

  // endpoint - computed: false, optional: true, required: false
  private _endpoint?: string; 
  public get endpoint() {
    return this._endpoint;
  }
  public set endpoint(value: string | undefined) {
    this._endpoint = value;
  }
  public resetEndpoint() {
    this._endpoint = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get endpointInput() {
    return this._endpoint;
  }

  // insecure - computed: false, optional: true, required: false
  private _insecure?: boolean | cdktn.IResolvable; 
  public get insecure() {
    return this._insecure;
  }
  public set insecure(value: boolean | cdktn.IResolvable | undefined) {
    this._insecure = value;
  }
  public resetInsecure() {
    this._insecure = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get insecureInput() {
    return this._insecure;
  }

  // interfaces - computed: false, optional: true, required: false
  private _interfaces?: string[]; 
  public get interfaces() {
    return this._interfaces;
  }
  public set interfaces(value: string[] | undefined) {
    this._interfaces = value;
  }
  public resetInterfaces() {
    this._interfaces = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get interfacesInput() {
    return this._interfaces;
  }

  // kind - computed: false, optional: true, required: false
  private _kind?: string; 
  public get kind() {
    return this._kind;
  }
  public set kind(value: string | undefined) {
    this._kind = value;
  }
  public resetKind() {
    this._kind = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get kindInput() {
    return this._kind;
  }

  // name - computed: false, optional: true, required: false
  private _name?: string; 
  public get name() {
    return this._name;
  }
  public set name(value: string | undefined) {
    this._name = value;
  }
  public resetName() {
    this._name = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get nameInput() {
    return this._name;
  }

  // owner - computed: false, optional: true, required: false
  private _owner?: string; 
  public get owner() {
    return this._owner;
  }
  public set owner(value: string | undefined) {
    this._owner = value;
  }
  public resetOwner() {
    this._owner = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get ownerInput() {
    return this._owner;
  }

  // password - computed: false, optional: true, required: false
  private _password?: string; 
  public get password() {
    return this._password;
  }
  public set password(value: string | undefined) {
    this._password = value;
  }
  public resetPassword() {
    this._password = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get passwordInput() {
    return this._password;
  }

  // password_env - computed: false, optional: true, required: false
  private _passwordEnv?: string; 
  public get passwordEnv() {
    return this._passwordEnv;
  }
  public set passwordEnv(value: string | undefined) {
    this._passwordEnv = value;
  }
  public resetPasswordEnv() {
    this._passwordEnv = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get passwordEnvInput() {
    return this._passwordEnv;
  }

  // pins - computed: false, optional: true, required: false
  private _pins?: string[]; 
  public get pins() {
    return this._pins;
  }
  public set pins(value: string[] | undefined) {
    this._pins = value;
  }
  public resetPins() {
    this._pins = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get pinsInput() {
    return this._pins;
  }

  // renew_before - computed: false, optional: true, required: false
  private _renewBefore?: number; 
  public get renewBefore() {
    return this._renewBefore;
  }
  public set renewBefore(value: number | undefined) {
    this._renewBefore = value;
  }
  public resetRenewBefore() {
    this._renewBefore = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get renewBeforeInput() {
    return this._renewBefore;
  }

  // socket - computed: false, optional: true, required: false
  private _socket?: string; 
  public get socket() {
    return this._socket;
  }
  public set socket(value: string | undefined) {
    this._socket = value;
  }
  public resetSocket() {
    this._socket = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get socketInput() {
    return this._socket;
  }

  // timeout - computed: false, optional: true, required: false
  private _timeout?: number; 
  public get timeout() {
    return this._timeout;
  }
  public set timeout(value: number | undefined) {
    this._timeout = value;
  }
  public resetTimeout() {
    this._timeout = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get timeoutInput() {
    return this._timeout;
  }

  // token - computed: false, optional: true, required: false
  private _token?: string; 
  public get token() {
    return this._token;
  }
  public set token(value: string | undefined) {
    this._token = value;
  }
  public resetToken() {
    this._token = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get tokenInput() {
    return this._token;
  }

  // token_env - computed: false, optional: true, required: false
  private _tokenEnv?: string; 
  public get tokenEnv() {
    return this._tokenEnv;
  }
  public set tokenEnv(value: string | undefined) {
    this._tokenEnv = value;
  }
  public resetTokenEnv() {
    this._tokenEnv = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get tokenEnvInput() {
    return this._tokenEnv;
  }

  // udn - computed: false, optional: true, required: false
  private _udn?: string; 
  public get udn() {
    return this._udn;
  }
  public set udn(value: string | undefined) {
    this._udn = value;
  }
  public resetUdn() {
    this._udn = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get udnInput() {
    return this._udn;
  }

  // unreachable - computed: false, optional: true, required: false
  private _unreachable?: string; 
  public get unreachable() {
    return this._unreachable;
  }
  public set unreachable(value: string | undefined) {
    this._unreachable = value;
  }
  public resetUnreachable() {
    this._unreachable = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get unreachableInput() {
    return this._unreachable;
  }

  // url - computed: false, optional: true, required: false
  private _url?: string; 
  public get url() {
    return this._url;
  }
  public set url(value: string | undefined) {
    this._url = value;
  }
  public resetUrl() {
    this._url = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get urlInput() {
    return this._url;
  }

  // username - computed: false, optional: true, required: false
  private _username?: string; 
  public get username() {
    return this._username;
  }
  public set username(value: string | undefined) {
    this._username = value;
  }
  public resetUsername() {
    this._username = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get usernameInput() {
    return this._username;
  }

  // wan_zones - computed: false, optional: true, required: false
  private _wanZones?: string[]; 
  public get wanZones() {
    return this._wanZones;
  }
  public set wanZones(value: string[] | undefined) {
    this._wanZones = value;
  }
  public resetWanZones() {
    this._wanZones = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get wanZonesInput() {
    return this._wanZones;
  }

  // alias - computed: false, optional: true, required: false
  private _alias?: string; 
  public get alias() {
    return this._alias;
  }
  public set alias(value: string | undefined) {
    this._alias = value;
  }
  public resetAlias() {
    this._alias = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get aliasInput() {
    return this._alias;
  }

  // =========
  // SYNTHESIS
  // =========

  protected synthesizeAttributes(): { [name: string]: any } {
    return {
      ca_file: cdktn.stringToTerraform(this._caFile),
      endpoint: cdktn.stringToTerraform(this._endpoint),
      insecure: cdktn.booleanToTerraform(this._insecure),
      interfaces: cdktn.listMapper(cdktn.stringToTerraform, false)(this._interfaces),
      kind: cdktn.stringToTerraform(this._kind),
      name: cdktn.stringToTerraform(this._name),
      owner: cdktn.stringToTerraform(this._owner),
      password: cdktn.stringToTerraform(this._password),
      password_env: cdktn.stringToTerraform(this._passwordEnv),
      pins: cdktn.listMapper(cdktn.stringToTerraform, false)(this._pins),
      renew_before: cdktn.numberToTerraform(this._renewBefore),
      socket: cdktn.stringToTerraform(this._socket),
      timeout: cdktn.numberToTerraform(this._timeout),
      token: cdktn.stringToTerraform(this._token),
      token_env: cdktn.stringToTerraform(this._tokenEnv),
      udn: cdktn.stringToTerraform(this._udn),
      unreachable: cdktn.stringToTerraform(this._unreachable),
      url: cdktn.stringToTerraform(this._url),
      username: cdktn.stringToTerraform(this._username),
      wan_zones: cdktn.listMapper(cdktn.stringToTerraform, false)(this._wanZones),
      alias: cdktn.stringToTerraform(this._alias),
    };
  }

  protected synthesizeHclAttributes(): { [name: string]: any } {
    const attrs = {
      ca_file: {
        value: cdktn.stringToHclTerraform(this._caFile),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      endpoint: {
        value: cdktn.stringToHclTerraform(this._endpoint),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      insecure: {
        value: cdktn.booleanToHclTerraform(this._insecure),
        isBlock: false,
        type: "simple",
        storageClassType: "boolean",
      },
      interfaces: {
        value: cdktn.listMapperHcl(cdktn.stringToHclTerraform, false)(this._interfaces),
        isBlock: false,
        type: "list",
        storageClassType: "stringList",
      },
      kind: {
        value: cdktn.stringToHclTerraform(this._kind),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      name: {
        value: cdktn.stringToHclTerraform(this._name),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      owner: {
        value: cdktn.stringToHclTerraform(this._owner),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      password: {
        value: cdktn.stringToHclTerraform(this._password),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      password_env: {
        value: cdktn.stringToHclTerraform(this._passwordEnv),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      pins: {
        value: cdktn.listMapperHcl(cdktn.stringToHclTerraform, false)(this._pins),
        isBlock: false,
        type: "list",
        storageClassType: "stringList",
      },
      renew_before: {
        value: cdktn.numberToHclTerraform(this._renewBefore),
        isBlock: false,
        type: "simple",
        storageClassType: "number",
      },
      socket: {
        value: cdktn.stringToHclTerraform(this._socket),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      timeout: {
        value: cdktn.numberToHclTerraform(this._timeout),
        isBlock: false,
        type: "simple",
        storageClassType: "number",
      },
      token: {
        value: cdktn.stringToHclTerraform(this._token),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      token_env: {
        value: cdktn.stringToHclTerraform(this._tokenEnv),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      udn: {
        value: cdktn.stringToHclTerraform(this._udn),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      unreachable: {
        value: cdktn.stringToHclTerraform(this._unreachable),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      url: {
        value: cdktn.stringToHclTerraform(this._url),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      username: {
        value: cdktn.stringToHclTerraform(this._username),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      wan_zones: {
        value: cdktn.listMapperHcl(cdktn.stringToHclTerraform, false)(this._wanZones),
        isBlock: false,
        type: "list",
        storageClassType: "stringList",
      },
      alias: {
        value: cdktn.stringToHclTerraform(this._alias),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
    };

    // remove undefined attributes
    return Object.fromEntries(Object.entries(attrs).filter(([_, value]) => value !== undefined && value.value !== undefined ))
  }
}
