// Tells another thread that this one still takes turns: a cell both see holds when it last did.

const BEAT_MS = 500;
/** Far longer than the busiest event loop makes a timer wait. */
const ALIVE_MS = 10_000;

// Seconds since the process began fit into 32 bits for as long as anybody lets it run.
const seconds = () => Math.floor(process.uptime());

/** Beats from now on, as often as the event loop of this thread lets it, and returns the cell and what ends it. */
export function startHeartbeat(): { cell: SharedArrayBuffer; stop(): void } {
  const cell = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const beats = new Int32Array(cell);
  const beat = () => void Atomics.store(beats, 0, seconds());
  beat();
  const timer = setInterval(beat, BEAT_MS).unref();
  return { cell, stop: () => clearInterval(timer) };
}

/** Whether the thread that beats did so lately. */
export function isBeating(cell: SharedArrayBuffer): boolean {
  return (seconds() - Atomics.load(new Int32Array(cell), 0)) * 1_000 < ALIVE_MS;
}
