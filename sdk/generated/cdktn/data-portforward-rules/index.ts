// https://registry.terraform.io/providers/portforward/portforward/latest/docs/data-sources/rules
// generated from terraform resource schema

import { Construct } from 'constructs';
import * as cdktn from 'cdktn';

// Configuration

export interface DataPortforwardRulesConfig extends cdktn.TerraformMetaArguments {
}
export interface DataPortforwardRulesRules {
}

export function dataPortforwardRulesRulesToTerraform(struct?: DataPortforwardRulesRules): any {
  if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) { return struct; }
  if (cdktn.isComplexElement(struct)) {
    throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
  }
  return {
  }
}


export function dataPortforwardRulesRulesToHclTerraform(struct?: DataPortforwardRulesRules): any {
  if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) { return struct; }
  if (cdktn.isComplexElement(struct)) {
    throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
  }
  const attrs = {
  };
  return attrs;
}

export class DataPortforwardRulesRulesOutputReference extends cdktn.ComplexObject {
  private isEmptyObject = false;

  /**
  * @param terraformResource The parent resource
  * @param terraformAttribute The attribute on the parent resource this class is referencing
  * @param complexObjectIndex the index of this item in the list
  * @param complexObjectIsFromSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
  */
  public constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean) {
    super(terraformResource, terraformAttribute, complexObjectIsFromSet, complexObjectIndex);
  }

  public get internalValue(): DataPortforwardRulesRules | undefined {
    let hasAnyValues = this.isEmptyObject;
    const internalValueResult: any = {};
    return hasAnyValues ? internalValueResult : undefined;
  }

  public set internalValue(value: DataPortforwardRulesRules | undefined) {
    if (value === undefined) {
      this.isEmptyObject = false;
    }
    else {
      this.isEmptyObject = Object.keys(value).length === 0;
    }
  }

  // blocked - computed: true, optional: false, required: false
  public get blocked() {
    return this.getStringAttribute('blocked');
  }

  // description - computed: true, optional: false, required: false
  public get description() {
    return this.getStringAttribute('description');
  }

  // enabled - computed: true, optional: false, required: false
  public get enabled() {
    return this.getBooleanAttribute('enabled');
  }

  // external_port - computed: true, optional: false, required: false
  public get externalPort() {
    return this.getStringAttribute('external_port');
  }

  // hairpin - computed: true, optional: false, required: false
  public get hairpin() {
    return this.getBooleanAttribute('hairpin');
  }

  // handle - computed: true, optional: false, required: false
  public get handle() {
    return this.getStringAttribute('handle');
  }

  // id - computed: true, optional: false, required: false
  public get id() {
    return this.getStringAttribute('id');
  }

  // internal_address - computed: true, optional: false, required: false
  public get internalAddress() {
    return this.getStringAttribute('internal_address');
  }

  // internal_port - computed: true, optional: false, required: false
  public get internalPort() {
    return this.getStringAttribute('internal_port');
  }

  // label - computed: true, optional: false, required: false
  public get label() {
    return this.getStringAttribute('label');
  }

  // log - computed: true, optional: false, required: false
  public get log() {
    return this.getBooleanAttribute('log');
  }

  // name - computed: true, optional: false, required: false
  public get name() {
    return this.getStringAttribute('name');
  }

  // natural_key - computed: true, optional: false, required: false
  public get naturalKey() {
    return this.getStringAttribute('natural_key');
  }

  // ours - computed: true, optional: false, required: false
  public get ours() {
    return this.getBooleanAttribute('ours');
  }

  // protocol - computed: true, optional: false, required: false
  public get protocol() {
    return this.getStringAttribute('protocol');
  }

  // restriction - computed: true, optional: false, required: false
  public get restriction() {
    return this.getStringAttribute('restriction');
  }

  // sources - computed: true, optional: false, required: false
  public get sources() {
    return cdktn.Fn.tolist(this.getListAttribute('sources'));
  }

  // wan - computed: true, optional: false, required: false
  public get wan() {
    return this.getStringAttribute('wan');
  }
}

export class DataPortforwardRulesRulesList extends cdktn.ComplexList {

  /**
  * @param terraformResource The parent resource
  * @param terraformAttribute The attribute on the parent resource this class is referencing
  * @param wrapsSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
  */
  constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string, wrapsSet: boolean) {
    super(terraformResource, terraformAttribute, wrapsSet);
  }

  /**
  * @param index the index of the item to return
  */
  public get(index: number): DataPortforwardRulesRulesOutputReference {
    return new DataPortforwardRulesRulesOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
  }
}

/**
* Represents a {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs/data-sources/rules portforward_rules}
*/
export class DataPortforwardRules extends cdktn.TerraformDataSource {

  // =================
  // STATIC PROPERTIES
  // =================
  public static readonly tfResourceType = "portforward_rules";

  // ==============
  // STATIC Methods
  // ==============
  /**
  * Generates CDKTN code for importing a DataPortforwardRules resource upon running "cdktn plan <stack-name>"
  * @param scope The scope in which to define this construct
  * @param importToId The construct id used in the generated config for the DataPortforwardRules to import
  * @param importFromId The id of the existing DataPortforwardRules that should be imported. Refer to the {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs/data-sources/rules#import import section} in the documentation of this resource for the id to use
  * @param provider? Optional instance of the provider where the DataPortforwardRules to import is found
  */
  public static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktn.TerraformProvider) {
        return new cdktn.ImportableResource(scope, importToId, { terraformResourceType: "portforward_rules", importId: importFromId, provider });
      }

  // ===========
  // INITIALIZER
  // ===========

  /**
  * Create a new {@link https://registry.terraform.io/providers/portforward/portforward/latest/docs/data-sources/rules portforward_rules} Data Source
  *
  * @param scope The scope in which to define this construct
  * @param id The scoped construct ID. Must be unique amongst siblings in the same scope
  * @param options DataPortforwardRulesConfig = {}
  */
  public constructor(scope: Construct, id: string, config: DataPortforwardRulesConfig = {}) {
    super(scope, id, {
      terraformResourceType: 'portforward_rules',
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
  }

  // ==========
  // ATTRIBUTES
  // ==========

  // rules - computed: true, optional: false, required: false
  private _rules = new DataPortforwardRulesRulesList(this, "rules", false);
  public get rules() {
    return this._rules;
  }

  // =========
  // SYNTHESIS
  // =========

  protected synthesizeAttributes(): { [name: string]: any } {
    return {
    };
  }

  protected synthesizeHclAttributes(): { [name: string]: any } {
    const attrs = {
    };
    return attrs;
  }
}
