/** Milliseconds in which a gateway must have mended itself. */
const HEALING = 10_000;

/** Whether it becomes so in time; asks again and again. */
export async function soon(ask: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + HEALING;
  while (!(await ask())) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}
