import { appendFileSync } from 'node:fs';
import type { Call } from '../../../../../provider/terraform/wire/handlers';
import type {
  Diagnosed,
  ReadResourceRequest,
  ReadResourceResponse,
} from '../../../../../provider/terraform/wire/messages';
import { serve } from '../../../../../provider/terraform/wire/serve';

/* A provider of one resource without any gateway: `readResource` does what the type's name says. */

const nothing = async (): Promise<Diagnosed> => ({});

/** What happened goes to a file, since a process that ends has no other way to tell. */
function note(text: string): void {
  const file = process.env.PRACTICE_NOTES;
  if (file !== undefined) appendFileSync(file, `${text}\n`);
}

async function read(request: ReadResourceRequest, call: Call): Promise<ReadResourceResponse> {
  switch (request.type_name) {
    case 'echo':
      return {
        new_state: { msgpack: request.current_state?.msgpack ?? Buffer.alloc(0) },
        private: request.private,
      };
    case 'print':
      console.log('printed with', { some: 'object' });
      return {};
    case 'wait': {
      note('waiting');
      const stopped = new Promise((resolve) => call.signal.addEventListener('abort', resolve));
      console.log('waiting');
      await stopped;
      note(`stopped: ${(call.signal.reason as Error).message}`);
      return { diagnostics: [{ severity: 'WARNING', summary: 'stopped in time' }] };
    }
    case 'deaf':
      console.log('waiting');
      return new Promise(() => undefined);
    case 'throw':
      throw new Error('this must not happen');
    case 'break':
      setImmediate(() => {
        throw new Error('nobody catches this');
      });
      return new Promise(() => undefined);
    default:
      return { diagnostics: [{ severity: 'ERROR', summary: `There is no ${request.type_name}.` }] };
  }
}

let made = 0;

serve(
  () => {
    const number = ++made;
    return {
      getProviderSchema: async () => ({
        provider: { block: { description: `provider ${number}` } },
        resource_schemas: {
          portforward_rule: {
            version: 3,
            block: {
              attributes: [
                { name: 'name', type: Buffer.from('"string"'), required: true, description: 'Its name.' },
                { name: 'sources', type: Buffer.from('["set","string"]'), optional: true, sensitive: true },
                {
                  name: 'entries',
                  computed: true,
                  nested_type: {
                    nesting: 'LIST',
                    attributes: [{ name: 'tag', type: Buffer.from('"string"'), computed: true }],
                  },
                },
              ],
            },
          },
        },
        server_capabilities: { plan_destroy: true, get_provider_schema_optional: true },
      }),
      validateProviderConfig: nothing,
      configureProvider: nothing,
      validateResourceConfig: nothing,
      validateDataResourceConfig: nothing,
      upgradeResourceState: nothing,
      readResource: read,
      planResourceChange: nothing,
      applyResourceChange: nothing,
      importResourceState: nothing,
      readDataSource: nothing,
      close: async () => {
        note(`closed ${number}`);
        console.log(`provider ${number} closed`);
        if (process.env.PRACTICE_CLOSE === 'never') await new Promise(() => undefined);
      },
    };
  },
  { version: '1.2.3', source: 'portforward/portforward' },
);
