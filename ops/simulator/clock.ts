/** A base clock plus an adjustable offset. */
export class Clock {
  #shiftMs = 0;
  readonly #base: () => Date;

  constructor(base: () => Date = () => new Date()) {
    this.#base = base;
  }

  now(): Date {
    return new Date(this.nowMs());
  }

  nowMs(): number {
    return this.#base().getTime() + this.#shiftMs;
  }

  /** The base clock, that of receivers: nothing advanced or set. */
  baseMs(): number {
    return this.#base().getTime();
  }

  get shiftMs(): number {
    return this.#shiftMs;
  }

  set shiftMs(shiftMs: number) {
    this.#shiftMs = shiftMs;
  }

  advance(seconds: number): void {
    this.#shiftMs += seconds * 1000;
  }

  set(instant: Date): void {
    this.#shiftMs = instant.getTime() - this.#base().getTime();
  }
}
