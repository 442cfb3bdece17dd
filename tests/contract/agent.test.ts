import { agentHarness } from './agent-harness';
import { contract } from './suite';

contract('agent', agentHarness);
