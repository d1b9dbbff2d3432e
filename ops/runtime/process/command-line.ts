import { parseArgs } from 'node:util';
import { AppError, ConfigurationError } from '#runtime/errors.js';

type Flags<Name extends string> = Record<Name, { type: 'string' | 'boolean'; short?: string }>;

/** Returns the flags and words a command was given. Throws ConfigurationError for one it does not know. */
export function readCommandLine<Name extends string>(flags: Flags<Name>) {
  try {
    const { values, positionals } = parseArgs({ options: flags, allowPositionals: true });
    return { flags: values as Partial<Record<Name, string>>, words: positionals };
  } catch (cause) {
    throw new ConfigurationError((cause as Error).message, { cause });
  }
}

/**
 * Ends the process with status 1 and one clear message, which begins with what did not happen; only what nobody expected
 * shows its stack.
 */
export function exitWith(error: unknown, outcome = 'WebMetrics cannot start.'): never {
  const isExpected = error instanceof AppError;
  const text = isExpected
    ? error.message
    : `${(error as Error).stack ?? error}\nnpm run doctor looks for what is wrong with an installation.`;
  process.stderr.write(`${outcome} ${text}\n`);
  process.exit(1);
}
