import { igd2 } from '../../lab/simulators/igd/habits';
import { randomLifecycles } from './random-lifecycles';
import { upnpHarness } from './upnp-harness';

randomLifecycles('a UPnP gateway of version 2', upnpHarness(igd2));
