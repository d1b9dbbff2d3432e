const sources = new WeakMap<AbortSignal, readonly AbortSignal[]>();

/**
 * AbortSignal.any, whose signal keeps its sources: Node.js 20 holds them weakly, and a timeout that is collected never aborts. A request that
 * waits for a server that hangs would then wait for good.
 */
export function anySignal(...signals: AbortSignal[]): AbortSignal {
  const signal = AbortSignal.any(signals);
  sources.set(signal, signals);
  return signal;
}
