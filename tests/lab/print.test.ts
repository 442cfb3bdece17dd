import { printHappening, printTitle } from '../../lab/tour/print';
import type { Terminal } from '../../provider/cli/terminal';

const terminal: Terminal = { out: () => undefined, err: () => undefined, colour: false, env: {} };

test('a command shows what the engine printed, without ids, dots and advice for later', () => {
  const output = [
    'Previewing update (tour):',
    '    [urn=urn:pulumi:tour::quickstart::web]',
    '',
    '@ updating.....',
    '  ~ internalAddress: "192.168.50.20" => "192.168.50.10"',
    'Duration: 8s',
    'If you want to remove the stack completely, run `pulumi stack rm tour`.',
  ].join('\n');
  expect(
    printHappening({ kind: 'command', command: 'pulumi preview', output }, terminal).split('\n'),
  ).toEqual([
    '   $ pulumi preview',
    '     Previewing update (tour):',
    '       ~ internalAddress: "192.168.50.20" => "192.168.50.10"',
  ]);
});

test('the same with Terraform and OpenTofu, and a command of several lines stays together', () => {
  const output = [
    'portforward_rule.web: Refreshing state... [id=quickstart/web]',
    '',
    'OpenTofu used the selected providers to generate the following execution',
    'plan. Resource actions are indicated with the following symbols:',
    '  ~ update in-place (current -> planned)',
    '',
    'OpenTofu will perform the following actions:',
    '',
    '  # portforward_rule.web will be updated in-place',
    '      ~ internal_address = "192.168.50.20" -> "192.168.50.10"',
    'portforward_rule.web: Modifying... [id=quickstart/web]',
    'portforward_rule.web: Modifications complete after 1s [id=quickstart/web]',
  ].join('\n');
  expect(printHappening({ kind: 'command', command: 'tofu {\n}', output }, terminal).split('\n')).toEqual([
    '   $ tofu {',
    '     }',
    '       # portforward_rule.web will be updated in-place',
    '           ~ internal_address = "192.168.50.20" -> "192.168.50.10"',
    '     portforward_rule.web: Modifications complete after 1s [id=quickstart/web]',
  ]);
});

test('a claim that does not hold cannot be taken for one that does', () => {
  const proof = { kind: 'proof', claim: 'the client is served', mode: 'real', detail: 'no answer' } as const;
  expect(printHappening({ ...proof, holds: true }, terminal)).toBe(
    '   ok  the client is served  (no answer)',
  );
  expect(printHappening({ ...proof, holds: false }, terminal)).toBe(
    '   NO  the client is served  (no answer)',
  );
});

test('every step says whether it was real, and one that is not played why', () => {
  expect(printTitle(3, { title: 'Up', mode: 'simulated' }, terminal)).toMatch(/^\n3\. Up +simulated$/);
  expect(printTitle(4, { title: 'Down', mode: 'left out' }, terminal)).toMatch(/^\n4\. Down +left out$/);
  expect(printHappening({ kind: 'left-out', why: 'It has no firewall.' }, terminal)).toBe(
    '   --  It has no firewall.',
  );
});
