import { memory } from './gateways';
import { conformance } from './suite';

for (const gateway of memory) conformance(gateway);
