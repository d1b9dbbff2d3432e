import { parseArgs } from 'node:util';
import { AppError, ConfigurationError } from '#runtime/errors.js';
import { redactText } from '#runtime/log/redact-text.js';

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

/** Returns a line for each cause of an error that says more than the error itself. */
function causesOf(error: unknown): string {
  const lines: string[] = [];
  for (let cause = (error as Error).cause; cause instanceof Error; cause = cause.cause) {
    const { name, message } = cause;
    // Node.js gives the failed attempts to connect to several addresses no message of their own.
    const text = message || (cause as NodeJS.ErrnoException).code || '';
    if (text && !String((error as Error).message).includes(text))
      lines.push(`\nCaused by ${name}: ${redactText(text)}`);
  }
  return lines.join('');
}

/**
 * Exits with status 1 and one message, which begins with `outcome` and ends with the causes of the error; only an unexpected error shows
 * its stack.
 */
export function exitWith(error: unknown, outcome = 'WebMetrics cannot start.'): never {
  const isExpected = error instanceof AppError;
  const text = isExpected ? error.message : `${(error as Error).stack ?? error}`;
  const advice = isExpected ? '' : '\nnpm run doctor looks for what is wrong with an installation.';
  process.stderr.write(`${outcome} ${text}${causesOf(error)}${advice}\n`);
  process.exit(1);
}
