import { AppError, type Problem } from '#runtime/errors.js';
import type { ResourceInput } from './parameters.js';

/** Returns a function to the name of an argument of the graph as the client sent it. */
export function createRename({ parameters, periodOf }: ResourceInput) {
  const names = parameters.map(({ name, place }) => [place.join('.'), name] as const);
  const days = parameters.filter(({ place }) => place[0] === periodOf).map(({ name }) => name);
  return (argument: string, { hasPeriod, hasLimit }: { hasPeriod: boolean; hasLimit: boolean }): string => {
    if (argument === 'first' && hasLimit) return 'limit';
    if (argument === periodOf) return hasPeriod ? 'period' : days.join(' to ');
    const found =
      names.find(([place]) => argument === place || argument.startsWith(`${place}[`)) ??
      names.find(([place]) => place.endsWith(`.${argument}`));
    return found ? found[1] + argument.slice(found[0].length) : argument;
  };
}

/** Returns an error of an operation with the client's names of its arguments. */
export function renamed(error: AppError, rename: (argument: string) => string): AppError {
  if (!error.details) return error;
  const details = error.details.map(({ argument, problem }): Problem => ({ argument: rename(argument), problem }));
  const message = `Invalid input: ${details.map(({ argument, problem }) => `${argument} ${problem}`).join('; ')}.`;
  const { code, cause, retryAfter, challenge, requiredScope, limit, payment } = error;
  return new AppError(message, code, { cause, details, retryAfter, challenge, requiredScope, limit, payment });
}
