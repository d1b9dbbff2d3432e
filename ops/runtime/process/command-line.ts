import { parseArgs } from 'node:util';
import { AppError, ConfigurationError } from '#runtime/errors.js';

type Flags<Name extends string> = Record<Name, { type: 'string' | 'boolean'; short?: string }>;

/** Returns the flags and positional words of the command line. Throws ConfigurationError for an unknown flag. */
export function readCommandLine<Name extends string>(flags: Flags<Name>) {
  try {
    const { values, positionals } = parseArgs({ options: flags, allowPositionals: true });
    return { flags: values as Partial<Record<Name, string>>, words: positionals };
  } catch (cause) {
    throw new ConfigurationError((cause as Error).message, { cause });
  }
}

/**
 * Exits with status 1 and one message, which begins with `outcome`; only an unexpected error shows its stack.
 */
export function exitWith(error: unknown, outcome = 'WebMetrics cannot start.'): never {
  const isExpected = error instanceof AppError;
  const text = isExpected
    ? error.message
    : `${(error as Error).stack ?? error}\nnpm run doctor looks for what is wrong with an installation.`;
  process.stderr.write(`${outcome} ${text}\n`);
  process.exit(1);
}
