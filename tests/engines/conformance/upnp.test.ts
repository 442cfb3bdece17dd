import { upnp } from './gateways';
import { conformance } from './suite';

conformance(upnp);
