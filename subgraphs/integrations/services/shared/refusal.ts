import { InvalidInput } from '#runtime/errors.js';

/** Returns the error of one argument. */
export const refusal = (argument: string, problem: string): InvalidInput => new InvalidInput([{ argument, problem }]);
