import { igd1, igd2 } from '../../lab/simulators/igd/habits';
import { contract } from './suite';
import { upnpHarness } from './upnp-harness';

contract('a UPnP gateway of version 2', upnpHarness(igd2));
contract('a UPnP gateway of version 1', upnpHarness(igd1));
