const SLOT_MS = 15_000;
const SLOTS = 20;

interface Slot {
  number: number;
  requests: number;
  errors: number;
}

/** Counts requests and errors of the last five minutes. */
export class ErrorShare {
  readonly #slots: Slot[] = Array.from({ length: SLOTS }, () => ({ number: -1, requests: 0, errors: 0 }));

  /** Counts a request that was answered at `now`, in milliseconds. */
  count(isError: boolean, now: number): void {
    const number = Math.floor(now / SLOT_MS);
    const slot = this.#slots[number % SLOTS] as Slot;
    if (slot.number !== number) Object.assign(slot, { number, requests: 0, errors: 0 });
    slot.requests += 1;
    if (isError) slot.errors += 1;
  }

  /** Returns the requests and errors of the five minutes before `now`. */
  read(now: number): { requests: number; errors: number } {
    const newest = Math.floor(now / SLOT_MS);
    const recent = this.#slots.filter(({ number }) => number > newest - SLOTS && number <= newest);
    return {
      requests: recent.reduce((sum, { requests }) => sum + requests, 0),
      errors: recent.reduce((sum, { errors }) => sum + errors, 0),
    };
  }
}
