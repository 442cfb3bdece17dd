import { PortforwardError } from '../../rule/error';
import type { Handler } from '../wire/handlers';
import type {
  Diagnosed,
  ReadDataSourceRequest,
  ReadDataSourceResponse,
  ValidateDataResourceConfigRequest,
} from '../wire/messages';
import type { Context, Gateway } from './context';
import { readGateway } from './data-gateway';
import { readRules } from './data-rules';
import { dataNotRead } from './refusals';
import type { Turn } from './turn';

type Reader = (gateway: Gateway, turn: Turn, signal: AbortSignal) => Promise<ReadDataSourceResponse>;

const readers: Readonly<Record<string, Reader>> = {
  portforward_rules: readRules,
  portforward_gateway: (gateway, _turn, signal) => readGateway(gateway, signal),
};

/** Data sources have no arguments, so nothing can be wrong with them. */
export const validateData: Handler<ValidateDataResourceConfigRequest, Diagnosed> = async () => ({});

/** What a gateway tells. */
export function readData(context: Context): Handler<ReadDataSourceRequest, ReadDataSourceResponse> {
  return ({ type_name, client_capabilities }, { signal }) =>
    context.answer<ReadDataSourceResponse>(async () => {
      const gateway = context.configured();
      const read = readers[type_name];
      if (read === undefined) throw new PortforwardError('internal', `There is no data source ${type_name}.`);
      if (gateway !== null)
        return read(gateway, context.turn, signal).catch((error: unknown) => {
          throw dataNotRead(error);
        });
      if (client_capabilities?.deferral_allowed) return { deferred: { reason: 'PROVIDER_CONFIG_UNKNOWN' } };
      throw new PortforwardError(
        'unreachable',
        'The configuration of the gateway is not known yet, so it cannot be asked.',
        {
          hint: 'Apply first what the configuration depends on, with -target; or let the data source depend on it with depends_on, so that it is read during the apply.',
        },
      );
    }, {});
}
