// The provider for Terraform and OpenTofu over sessions that do nothing: what is left is engine, wire and front door.
const { NOTHING_MET } = require('../../../dist/provider/session/preview');
const { Session } = require('../../../dist/provider/session/session');

Object.assign(Session.prototype, {
  preview: async () => NOTHING_MET,
  create: async function (inputs) {
    const { owner, gatewayName, endpoint } = this.options;
    return { inputs, owner, gatewayName, endpoint, device: null, entries: [] };
  },
  read: async (recorded) => recorded,
  update: async (recorded, inputs) => ({ ...recorded, inputs }),
  delete: async () => undefined,
  close: async () => undefined,
});

require('../../../dist/provider/terraform/main');
