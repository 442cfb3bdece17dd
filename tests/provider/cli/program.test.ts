import { processTerminal } from '../../../provider/cli/terminal';
import { cli } from './practice';

test.each([
  [['--help']],
  [['list', '--help']],
  [['doctor', '--help']],
  [['lab', '--help']],
  [['lab', 'up', '--help']],
])('help of %j is text on standard output, status 0', async (argv) => {
  const { status, out, err } = await cli(argv);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(out).toMatch(/^Usage: portforward/);
});

test.each([
  [['bogus'], 'bogus'],
  [['list', '--bogus'], '--bogus'],
  [['list', '--kind', 'toaster'], 'toaster'],
  [['list', '--timeout', 'soon'], 'soon'],
  [['list', '--socket', 'relative/path'], 'relative/path'],
  [['lab', 'shell', 'moon'], 'moon'],
  [['lab', 'up', '--firewall', 'wet'], 'wet'],
])('wrong usage %j names what is wrong, status 2', async (argv, word) => {
  const { status, err } = await cli(argv);
  expect(status).toBe(2);
  expect(err).toContain(word);
});

test('a secret has no flag of its own, for arguments show in process lists', async () => {
  const { out } = await cli(['list', '--help']);
  expect(out).toContain('--token-env <variable>');
  expect(out).not.toMatch(/--token[ =<]/);
});

test('the version is the package’s', async () => {
  expect((await cli(['--version'])).out).toMatch(/^\d+\.\d+\.\d+/);
});

test('NO_COLOR and a pipe both mean no colours', () => {
  const { isTTY } = process.stdout;
  const before = process.env.NO_COLOR;
  try {
    process.stdout.isTTY = true;
    process.env.NO_COLOR = '1';
    expect(processTerminal().colour).toBe(false);
    delete process.env.NO_COLOR;
    expect(processTerminal().colour).toBe(process.env.TERM !== 'dumb');
    process.stdout.isTTY = false;
    expect(processTerminal().colour).toBe(false);
  } finally {
    process.stdout.isTTY = isTTY;
    if (before !== undefined) process.env.NO_COLOR = before;
  }
});
