import { agentKind } from '../../../../provider/backends/agent/kind';
import { findKind, kindNames } from '../../../../provider/backends/registry';

const parse = (args: Record<string, unknown>, env: Record<string, string> = {}) => agentKind.parse(args, env);

describe('the arguments of a gateway of kind agent', () => {
  test('need none on the gateway itself', () => {
    expect(parse({})).toEqual({ socket: '/run/portforward/agent.sock', token: null });
  });

  test('come from the program first, then from the environment', () => {
    const env = { PORTFORWARD_SOCKET: '/env.sock', PORTFORWARD_TOKEN: 'from-env', MY_TOKEN: 'mine' };
    expect(parse({}, env)).toEqual({ socket: '/env.sock', token: 'from-env' });
    expect(parse({ socket: '/a.sock', token: 'given' }, env)).toEqual({ socket: '/a.sock', token: 'given' });
    expect(parse({ tokenEnv: 'MY_TOKEN' }, env).token).toBe('mine');
  });

  test('give the same endpoint for the same socket', () => {
    const spellings = [
      '/run/x/agent.sock',
      '/run//x/./agent.sock',
      '/run/y/../x/agent.sock',
      'unix:///run/x/agent.sock',
    ];
    expect(spellings.map((socket) => agentKind.endpoint(parse({ socket })))).toEqual(
      spellings.map(() => 'agent:/run/x/agent.sock'),
    );
  });

  test.each<[Record<string, unknown>, string, RegExp]>([
    [{ sokcet: '/x' }, 'sokcet', /no argument "sokcet"; there are: socket, token, tokenEnv/],
    [{ socket: 5 }, 'socket', /must be text/],
    [{ socket: 'agent.sock' }, 'socket', /not an absolute path/],
    [{ socket: '' }, 'socket', /not an absolute path/],
    [{ socket: 'https://10.0.0.1' }, 'socket', /ssh -N -L/],
    [{ token: 'a', tokenEnv: 'B' }, 'tokenEnv', /Both/],
    [{ tokenEnv: 'NOT_SET' }, 'tokenEnv', /NOT_SET.*is not set/],
    [{ token: 'line\nbreak' }, 'token', /one word/],
  ])('refuse %j', (args, property, words) => {
    expect(() => parse(args)).toThrow(
      expect.objectContaining({ code: 'invalid', property, message: expect.stringMatching(words) }),
    );
  });

  test('never show a token', () => {
    expect(() => parse({ token: 'hunter2 hunter2' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });
});

test('the registry knows its kinds', () => {
  expect(findKind('agent')).toBe(agentKind);
  expect(findKind('nothing')).toBeUndefined();
  expect(kindNames()).toContain('agent');
});
