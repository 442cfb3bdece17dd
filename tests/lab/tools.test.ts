import { missingTools } from '../../lab/namespaces/tools';

test('what a machine lacks is named with the line that installs it, each package once', () => {
  expect(missingTools('The lab', { sh: 'dash' })).toBeNull();
  const packages = { sh: 'dash', 'no-such-a': 'letters', 'no-such-b': 'letters', 'no-such-1': 'digits' };
  expect(missingTools('The lab', packages)).toBe(
    'The lab needs no-such-a, no-such-b, no-such-1: run `apt-get install --no-install-recommends letters digits`.',
  );
});
