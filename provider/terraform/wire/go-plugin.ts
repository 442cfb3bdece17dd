import { call, message, names, one, type Parts } from './table';

/*
 * The services that every plugin of this family offers beside its own, after the .proto files of hashicorp/go-plugin
 * (grpc_controller, grpc_stdio, grpc_broker) and grpc/health/v1/health.proto.
 */

/** The messages of the package `plugin` and its three services. */
export const plugin: Parts = {
  Empty: message({}),
  StdioData: message(
    { channel: one('Channel', 1), data: one('bytes', 2) },
    { Channel: names('INVALID', 'STDOUT', 'STDERR') },
  ),
  ConnInfo: message({
    service_id: one('uint32', 1),
    network: one('string', 2),
    address: one('string', 3),
  }),
  GRPCController: { methods: { Shutdown: call('Empty', 'Empty') } },
  GRPCStdio: { methods: { StreamStdio: call('Empty', 'StdioData', { responseStream: true }) } },
  GRPCBroker: {
    methods: { StartStream: call('ConnInfo', 'ConnInfo', { requestStream: true, responseStream: true }) },
  },
};

/** The messages of the package `grpc.health.v1` and its service `Health`. */
export const health: Parts = {
  HealthCheckRequest: message({ service: one('string', 1) }),
  HealthCheckResponse: message(
    { status: one('ServingStatus', 1) },
    { ServingStatus: names('UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN') },
  ),
  Health: { methods: { Check: call('HealthCheckRequest', 'HealthCheckResponse') } },
};
