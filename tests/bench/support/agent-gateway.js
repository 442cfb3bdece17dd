const { Lab } = require('../../../dist/lab');
const { AgentClient } = require('./agent-client');

/** A gateway of its own with the real agent over the real kernel, and a client at its socket. */
class AgentGateway {
  /** `env`: added to the agent's environment. */
  static async start({ env = {} } = {}) {
    const lab = await Lab.start();
    try {
      return new AgentGateway(lab, await lab.startAgent({ env }));
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  constructor(lab, agent) {
    this.lab = lab;
    this.agent = agent;
    this.client = new AgentClient(agent.socket);
  }

  async stop() {
    await this.agent.stop();
    await this.lab.stop();
  }
}

module.exports = { AgentGateway };
