import { Course } from '../../../../provider/terraform/rpc/course';
import { Losses } from '../../../../provider/terraform/rpc/losses';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('a loss is told with the last answer, once nothing more comes', async () => {
  const course = new Course();
  const losses = new Losses(course);
  losses.add('home/web', 'lost');
  const told = losses.last();
  await jest.advanceTimersByTimeAsync(5000);
  expect(await told).toEqual(['lost']);
  expect(await losses.last()).toEqual([]);
});

test('while calls run or come, it waits', async () => {
  const course = new Course();
  const losses = new Losses(course);
  losses.add('home/web', 'lost');
  const end = course.begin();
  expect(await losses.last()).toEqual([]);
  end();
  const told = losses.last();
  const ended = course.begin();
  expect(await told).toEqual([]);
  course.meet('home/web');
  ended();
  expect(await losses.last()).toEqual([]);
});

test('an engine that makes one call at a time is not kept waiting again and again', async () => {
  const course = new Course();
  const losses = new Losses(course);
  losses.add('home/web', 'first');
  const first = losses.last();
  await jest.advanceTimersByTimeAsync(5000);
  expect(await first).toEqual(['first']);
  losses.add('home/dns', 'second');
  expect(await losses.last()).toEqual(['second']);
});
