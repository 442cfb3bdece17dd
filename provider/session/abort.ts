const hubs = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when the signal aborts (at once if it has); returns how to stop listening. An engine hands one signal to
 * hundreds of calls, so each signal gets one listener of ours, however many wait.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  if (signal.aborted) {
    callback();
    return () => {};
  }
  const hub = hubs.get(signal) ?? listen(signal);
  // Wrapped, so that the same function may listen twice.
  const entry = (): void => callback();
  hub.add(entry);
  return () => {
    hub.delete(entry);
  };
}

/** A signal that never aborts, for calls that came without one. */
export function never(): AbortSignal {
  return new AbortController().signal;
}

function listen(signal: AbortSignal): Set<() => void> {
  const hub = new Set<() => void>();
  hubs.set(signal, hub);
  signal.addEventListener(
    'abort',
    () => {
      for (const callback of [...hub]) callback();
      hub.clear();
    },
    { once: true },
  );
  return hub;
}
