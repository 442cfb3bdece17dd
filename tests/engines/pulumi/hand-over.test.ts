import { describePulumi, program } from '../support/suite';

/** Before, after, and what then stands on the gateway. All in one `up`, in whatever order the engine goes. */
const MOVES: readonly { what: string; before: string; after: string; forwards: string[] }[] = [
  {
    what: 'a rule gets another name',
    before: `rule('web', { externalPort: 100 });`,
    after: `rule('www', { externalPort: 100 });`,
    forwards: ['tcp 100 -> 192.168.50.10:100'],
  },
  {
    what: 'a resource gets another logical name, its name on the gateway stays',
    before: `rule('shop', { externalPort: 110 });`,
    after: `rule('store', { name: 'shop', externalPort: 110 });`,
    forwards: ['tcp 110 -> 192.168.50.10:110'],
  },
  {
    what: 'a rule changes its `name`',
    before: `rule('mail', { externalPort: 120 });`,
    after: `rule('mail', { name: 'post', externalPort: 120 });`,
    forwards: ['tcp 120 -> 192.168.50.10:120'],
  },
  {
    what: 'two rules swap ports',
    before: `rule('a', { externalPort: 131, internalPort: 1 }); rule('b', { externalPort: 132, internalPort: 2 });`,
    after: `rule('a', { externalPort: 132, internalPort: 1 }); rule('b', { externalPort: 131, internalPort: 2 });`,
    forwards: ['tcp 131 -> 192.168.50.10:2', 'tcp 132 -> 192.168.50.10:1'],
  },
  {
    what: 'three rules rotate ports',
    before: `[1, 2, 3].forEach((n) => rule('r' + n, { externalPort: 140 + n, internalPort: n }));`,
    after: `[1, 2, 3].forEach((n) => rule('r' + n, { externalPort: 141 + (n % 3), internalPort: n }));`,
    forwards: ['tcp 141 -> 192.168.50.10:3', 'tcp 142 -> 192.168.50.10:1', 'tcp 143 -> 192.168.50.10:2'],
  },
  {
    what: 'a port is handed to a new rule',
    before: `rule('old', { externalPort: 150 });`,
    after: `rule('new', { externalPort: 150, internalPort: 8443 });`,
    forwards: ['tcp 150 -> 192.168.50.10:8443'],
  },
  {
    what: 'a range is split',
    before: `rule('all', { externalPort: '160-170' });`,
    after: `rule('low', { externalPort: '160-164' }); rule('high', { externalPort: '165-170' });`,
    forwards: ['tcp 160-164 -> 192.168.50.10:160-164', 'tcp 165-170 -> 192.168.50.10:165-170'],
  },
  {
    what: 'a range is joined',
    before: `rule('x', { externalPort: '180-184' }); rule('y', { externalPort: '185-190' });`,
    after: `rule('x', { externalPort: '180-190' });`,
    forwards: ['tcp 180-190 -> 192.168.50.10:180-190'],
  },
  {
    what: 'a new rule takes one port of a range that gives it up',
    before: `rule('wide', { externalPort: '200-209' });`,
    after: `rule('wide', { externalPort: '200-208' }); rule('last', { externalPort: 209, internalPort: 9 });`,
    forwards: ['tcp 200-208 -> 192.168.50.10:200-208', 'tcp 209 -> 192.168.50.10:9'],
  },
];

const all = (side: 'before' | 'after') => MOVES.map((move) => move[side]).join('\n');

describePulumi('pulumi: ports change hands in one up', (bench) => {
  const cases = [
    { name: 'as wide as the engine likes', options: [] },
    { name: 'one at a time, with --parallel 1', options: ['--parallel', '1'] },
  ];
  test.each(cases)(`${MOVES.map(({ what }) => what).join('; ')}: $name`, async ({ options }) => {
    const [home, pulumi] = [await bench.gateway(), await bench.project()];
    pulumi.write(program(home, all('before')));
    await pulumi.up();
    pulumi.write(program(home, all('after')));
    await pulumi.up(...options);
    expect(await home.forwards()).toEqual(MOVES.flatMap(({ forwards }) => forwards).sort());
    await pulumi.unchanged('--refresh', '--run-program');
  });
});
