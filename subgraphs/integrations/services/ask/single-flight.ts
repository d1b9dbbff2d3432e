/** Shares work in flight by key. */
export class SingleFlight {
  readonly #inFlight = new Map<string, Promise<unknown>>();

  has(key: string): boolean {
    return this.#inFlight.has(key);
  }

  /** Returns the result for `key`; starts the work unless it is in flight. */
  run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const running = this.#inFlight.get(key) as Promise<Result> | undefined;
    if (running) return running;
    const result = work().finally(() => this.#inFlight.delete(key));
    // Not every failure is awaited, which must not end the process.
    result.catch(() => {});
    this.#inFlight.set(key, result);
    return result;
  }
}
