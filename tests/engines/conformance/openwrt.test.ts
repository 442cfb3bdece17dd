import { openwrt } from './gateways';
import { conformance } from './suite';

conformance(openwrt);
