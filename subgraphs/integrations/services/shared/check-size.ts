import { InvalidInput } from '#runtime/errors.js';

/** Throws InvalidInput when an argument has more than `max` items. */
export function checkSize(argument: string, items: readonly unknown[] | null | undefined, max: number): void {
  if ((items?.length ?? 0) > max) {
    throw new InvalidInput([{ argument, problem: `must have at most ${max} items` }]);
  }
}
