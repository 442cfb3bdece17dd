/** What a simulator is told of a request that it shall hold, and the other ends of it. */
export function heldRequest() {
  let reached = (): void => {};
  let go = (): void => {};
  const arrived = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const until = new Promise<void>((resolve) => {
    go = resolve;
  });
  return { reached: () => reached(), until, arrived, go: () => go() };
}
