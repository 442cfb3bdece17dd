import { MemoryGateway, type MemoryGatewayOptions } from '../../../../lab/simulators/memory/gateway';
import type { BackendKind } from '../../../../provider/backends/kind';
import { decode } from '../../../../provider/terraform/codec/decode';
import { encode } from '../../../../provider/terraform/codec/encode';
import type { Typed, Values } from '../../../../provider/terraform/codec/type';
import type { Surroundings } from '../../../../provider/terraform/rpc/configure';
import { terraformProvider } from '../../../../provider/terraform/rpc/provider';
import { providerBlock } from '../../../../provider/terraform/schema/provider';
import { ruleBlock } from '../../../../provider/terraform/schema/rule';
import type {
  ApplyResourceChangeResponse,
  Diagnosed,
  DynamicValue,
  EncodedValue,
  PlanResourceChangeResponse,
} from '../../../../provider/terraform/wire/messages';

const NONE = Buffer.alloc(0);

/** A rule as the engine keeps it. */
export interface Kept {
  readonly attributes: Values | null;
  readonly kept: Uint8Array;
}

export const NOTHING: Kept = { attributes: null, kept: NONE };

/** What a call said, a line each: `ERROR external_port: summary detail`. */
export function said({ diagnostics = [] }: Diagnosed): string[] {
  return diagnostics.map(({ severity, summary, detail, attribute }) => {
    const [step] = attribute?.steps ?? [];
    const at = step && 'attribute_name' in step ? ` ${step.attribute_name}` : '';
    return `${severity}${at}: ${[summary, detail].filter(Boolean).join(' ')}`;
  });
}

/** One provider over a gateway in memory, called as an engine calls it, without an engine. */
export class Calls {
  readonly gateway: MemoryGateway;
  readonly kind: BackendKind;
  private readonly handlers;
  private readonly controller = new AbortController();
  private configured: Values = {};

  constructor(options: MemoryGatewayOptions | MemoryGateway = {}, surroundings: Partial<Surroundings> = {}) {
    this.gateway = options instanceof MemoryGateway ? options : new MemoryGateway(options);
    this.kind = {
      kind: 'memory',
      title: 'gateway in memory',
      arguments: { place: { type: 'text', description: 'Where it is.' } },
      parse: (args) => args,
      endpoint: (config) => `memory:${(config as { place?: string }).place ?? 'here'}`,
      connect: () => this.gateway.connect(),
    };
    this.handlers = terraformProvider({ kinds: [this.kind], env: {}, ...surroundings });
  }

  /** Ctrl-C: every call that runs is asked to stop. */
  stop(): void {
    this.controller.abort();
  }

  /** As at the beginning of each process: what was planned before is forgotten. */
  configure(args: Values = this.configured): Promise<Diagnosed> {
    this.configured = args;
    const config = value(providerBlock([this.kind]), {
      kind: 'memory',
      owner: 'home',
      name: 'router',
      ...args,
    });
    const request = { terraform_version: '1.11.4', config, client_capabilities: null };
    return this.handlers.configureProvider(request, this.call);
  }

  validate(config: Values): Promise<Diagnosed> {
    const request = { type_name: 'portforward_rule', config: rule(config), client_capabilities: null };
    return this.handlers.validateResourceConfig(request, this.call);
  }

  async upgrade(state: object, version = 0): Promise<Values | null> {
    const raw_state = { json: Buffer.from(JSON.stringify(state)), flatmap: {} };
    const request = { type_name: 'portforward_rule', version, raw_state };
    const { upgraded_state } = await this.handlers.upgradeResourceState(request, this.call);
    return attributes(upgraded_state);
  }

  async read({ attributes: before, kept }: Kept): Promise<Kept & { readonly said: string[] }> {
    const answer = await this.handlers.readResource(
      {
        type_name: 'portforward_rule',
        current_state: rule(before),
        private: Buffer.from(kept),
        provider_meta: null,
        client_capabilities: null,
      },
      this.call,
    );
    return { attributes: attributes(answer.new_state), kept: answer.private ?? NONE, said: said(answer) };
  }

  /** `config` null = the rule is to go. */
  async plan(config: Values | null, prior: Kept = NOTHING): Promise<Planned> {
    const answer = await this.handlers.planResourceChange(
      {
        type_name: 'portforward_rule',
        prior_state: rule(prior.attributes),
        proposed_new_state: rule(config),
        config: rule(config),
        prior_private: Buffer.from(prior.kept),
        provider_meta: null,
        client_capabilities: null,
      },
      this.call,
    );
    return planned(answer);
  }

  async apply(plan: Planned, prior: Kept = NOTHING): Promise<Kept & { readonly said: string[] }> {
    const answer: ApplyResourceChangeResponse = await this.handlers.applyResourceChange(
      {
        type_name: 'portforward_rule',
        prior_state: rule(prior.attributes),
        planned_state: rule(plan.attributes),
        config: null,
        planned_private: Buffer.from(plan.kept),
        provider_meta: null,
      },
      this.call,
    );
    return { attributes: attributes(answer.new_state), kept: answer.private ?? NONE, said: said(answer) };
  }

  /** Plans and applies, as one run; throws what the plan refuses. */
  async make(config: Values | null, prior: Kept = NOTHING): Promise<Kept & { readonly said: string[] }> {
    await this.configure();
    const plan = await this.plan(config, prior);
    const refused = plan.said.filter((line) => line.startsWith('ERROR'));
    if (refused.length > 0) throw new Error(refused.join('\n'));
    return this.apply(plan, prior);
  }

  close(): Promise<void> {
    return this.handlers.close?.() ?? Promise.resolve();
  }

  private get call() {
    return { signal: this.controller.signal };
  }
}

export interface Planned extends Kept {
  readonly said: string[];
  readonly replaces: readonly unknown[];
}

function planned(answer: PlanResourceChangeResponse): Planned {
  return {
    attributes: attributes(answer.planned_state),
    kept: answer.planned_private ?? NONE,
    said: said(answer),
    replaces: answer.requires_replace ?? [],
  };
}

function attributes(encoded: EncodedValue | undefined): Values | null {
  return encoded === undefined
    ? null
    : decode(ruleBlock, { msgpack: Buffer.from(encoded.msgpack), json: NONE });
}

function rule(values: Values | null): DynamicValue {
  return value(ruleBlock, values && { internal_address: '192.168.1.10', ...values });
}

export function value(block: Typed, values: Values | null): DynamicValue {
  return { msgpack: Buffer.from(encode(block, values).msgpack), json: NONE };
}
