import * as kinds from '../../lab/simulators/memory/kinds';
import { memoryHarness } from './memory-harness';
import { contract } from './suite';

contract('a rich gateway: whole rules, all or nothing, generations', memoryHarness(kinds.rich));
contract('a poor gateway: one protocol, port and source, one change at a time', memoryHarness(kinds.poor));
contract('a terse gateway: as the poor one, with room for a tag alone', memoryHarness(kinds.terse));
contract(
  'a leased gateway: lists of ports, one change at a time, mappings that expire',
  memoryHarness(kinds.leased),
);
contract('a keyed gateway: two entries never share a port', memoryHarness(kinds.keyed));
contract('a sequential gateway: one change at a time, yet generations', memoryHarness(kinds.sequential));
contract('a cautious gateway: what is not confirmed is taken back', memoryHarness(kinds.cautious));
