import { openwrtHarness } from './openwrt-harness';
import { contract } from './suite';

contract('an OpenWrt router: uci and firewall4 behind uhttpd', openwrtHarness);
