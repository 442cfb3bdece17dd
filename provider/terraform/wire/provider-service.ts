import type { handleUnaryCall, ServiceError, UntypedServiceImplementation } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import { hasCode } from '../../rule/error';
import type { Calls } from './calls';
import { providerService } from './definitions';
import type { Handler, ProviderHandlers } from './handlers';
import { log } from './log';

type AnyHandler = Handler<object, object>;

/** The service `tfplugin6.Provider`, answered by the handlers; a call without a handler is answered with UNIMPLEMENTED. */
export function providerImplementation(
  handlers: ProviderHandlers,
  calls: Calls,
): UntypedServiceImplementation {
  const methods = Object.keys(providerService).map((name) => {
    if (name === 'stopProvider') return [name, stopProvider(calls)];
    const handler = handlers[name as keyof ProviderHandlers] as AnyHandler | undefined;
    return handler === undefined ? [] : [name, unary(name, handler.bind(handlers), calls)];
  });
  return Object.fromEntries(methods.filter((method) => method.length > 0));
}

function unary(name: string, handler: AnyHandler, calls: Calls): handleUnaryCall<object, object> {
  return async (wire, answer) => {
    const call = calls.begin();
    wire.on('cancelled', call.giveUp);
    try {
      answer(null, await handler(wire.request, { signal: call.signal }));
    } catch (error) {
      answer(failure(name, error));
    } finally {
      call.end();
    }
  };
}

/** The user pressed Ctrl-C: running calls end soon, and the process serves on, for their answers are still recorded. */
function stopProvider(calls: Calls): handleUnaryCall<object, object> {
  return (_wire, answer) => {
    calls.stop('The engine was asked to stop.');
    answer(null, {});
  };
}

function failure(name: string, error: unknown): Partial<ServiceError> {
  const text = error instanceof Error ? error.message : String(error);
  if (hasCode(error, 'cancelled')) return { code: status.CANCELLED, details: text };
  log('error', `${name} failed: ${text}`, error instanceof Error ? { stack: error.stack } : {});
  return { code: status.INTERNAL, details: text };
}
