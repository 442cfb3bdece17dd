import { normalise } from '../../../../provider/rule/normalise';
import { Plans } from '../../../../provider/terraform/rpc/plans';

const forward = (externalPort: number, internalPort = externalPort) =>
  normalise({ name: 'x', externalPort, internalPort, internalAddress: '192.168.1.10' }).forward;

const fresh = (id: string, port: number) => ({ id: `home/${id}`, forward: forward(port), before: null });
const kept = (id: string, port: number) => ({ ...fresh(id, port), before: `home/${id}` });

test('the second of two that collide is told the first', () => {
  const plans = new Plans();
  expect(plans.want('1', fresh('a', 443))).toBeNull();
  expect(plans.want('2', fresh('b', 443))).toMatchObject({
    code: 'conflict',
    property: 'externalPort',
    summary: 'Rule "b" conflicts with rule "a": both take tcp:443 from everyone.',
  });
});

test('so is the second of one name, whatever it takes', () => {
  const plans = new Plans();
  plans.want('1', fresh('a', 1));
  expect(plans.want('2', fresh('a', 2))).toMatchObject({ code: 'conflict', property: 'name' });
});

test('a rule that is planned again under its token takes its own place', () => {
  const plans = new Plans();
  plans.want('1', kept('a', 443));
  expect(plans.want('1', fresh('a', 443))).toBeNull();
  expect(plans.want('1', fresh('a', 444))).toBeNull();
  expect(plans.want('2', fresh('b', 443))).toBeNull();
  expect(plans.want('3', fresh('c', 444))).toMatchObject({ code: 'conflict' });
});

test('of a rule without a name the ports are compared all the same', () => {
  const plans = new Plans();
  plans.want('1', { ...fresh('', 443), id: null });
  expect(plans.want('2', fresh('b', 443))?.summary).toContain('its name is known after apply');
});

test('ports that are not known collide with nothing', () => {
  const plans = new Plans();
  plans.want('1', { ...fresh('a', 1), forward: null });
  expect(plans.want('2', { ...fresh('b', 1), forward: null })).toBeNull();
});

describe('one id destroyed and wanted, in either order', () => {
  const orders = [
    [
      'the wish first',
      (wish: Parameters<Plans['want']>[1], port: number | null) => {
        const plans = new Plans();
        return plans.want('1', wish) ?? plans.drop('home/a', port === null ? null : forward(port));
      },
    ],
    [
      'the removal first',
      (wish: Parameters<Plans['want']>[1], port: number | null) => {
        const plans = new Plans();
        return plans.drop('home/a', port === null ? null : forward(port)) ?? plans.want('1', wish);
      },
    ],
  ] as const;

  test.each(orders)('%s: a new one of equal content is the same rule at another address', (_order, run) => {
    expect(run(fresh('a', 443), 443)).toBeNull();
  });
  test.each(orders)('%s: a new one of other content needs the word "moved"', (_order, run) => {
    expect(run(fresh('a', 444), 443)?.hint).toContain('moved {');
    expect(run({ ...fresh('a', 443), forward: null }, 443)?.hint).toContain('moved {');
    expect(run(fresh('a', 443), null)?.hint).toContain('moved {');
  });
  test.each(orders)('%s: one that is kept would be destroyed along', (_order, run) => {
    expect(run(kept('a', 443), 443)?.hint).toContain('state rm');
  });
});
