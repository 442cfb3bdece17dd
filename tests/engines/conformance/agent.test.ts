import { agent } from './gateways';
import { conformance } from './suite';

conformance(agent);
