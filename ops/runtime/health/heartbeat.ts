const BEAT_MS = 500;

const milliseconds = () => process.hrtime.bigint() / 1_000_000n;

/** The main thread's sign of life, in memory it shares with the thread that answers probes. */
export class Heartbeat {
  readonly memory: SharedArrayBuffer;
  readonly #lastBeat: BigInt64Array;

  constructor(memory = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#lastBeat = new BigInt64Array(memory);
  }

  /** Beats every half second, as long as this thread's event loop turns, until the returned function is called. */
  start(): () => void {
    const beat = () => void Atomics.store(this.#lastBeat, 0, milliseconds());
    beat();
    const timer = setInterval(beat, BEAT_MS).unref();
    return () => clearInterval(timer);
  }

  msSinceBeat(): number {
    return Number(milliseconds() - Atomics.load(this.#lastBeat, 0));
  }
}
