import { Course } from '../../../../provider/terraform/rpc/course';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

async function ends(waiting: Promise<void>, after: number): Promise<boolean> {
  let ended = false;
  void waiting.then(() => {
    ended = true;
  });
  await jest.advanceTimersByTimeAsync(after);
  return ended;
}

test('waiting ends with what is waited for', async () => {
  const course = new Course();
  const waiting = course.until(() => course.hasMet('home/web'), 500);
  course.meet('home/web');
  expect(await ends(waiting, 0)).toBe(true);
});

test('or when it has been quiet; while calls come, it goes on', async () => {
  const course = new Course();
  const waiting = course.until(() => false, 500);
  for (let call = 0; call < 5; call += 1) {
    expect(await ends(waiting, 400)).toBe(false);
    course.begin();
  }
  expect(await ends(waiting, 500)).toBe(true);
});

test('but not for ever', async () => {
  const course = new Course();
  const waiting = course.until(() => false, 500);
  const calls = setInterval(() => course.begin(), 100);
  expect(await ends(waiting, 4900)).toBe(false);
  expect(await ends(waiting, 200)).toBe(true);
  clearInterval(calls);
});

test('a run is past its plan when it writes, or plans what it did not read', () => {
  const reading = new Course();
  reading.read();
  reading.planOld();
  expect(reading.applying).toBe(false);
  reading.write();
  expect(reading.applying).toBe(true);
  const again = new Course();
  expect(again.applying).toBe(false);
  again.planOld();
  expect(again.applying).toBe(true);
});
