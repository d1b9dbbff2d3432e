import { parseEnv } from 'node:util';
import { ConfigurationError } from '#runtime/errors.js';

/** Nothing in it means anything to a shell, to Node or to docker compose. */
const PLAIN = /^[\w./:@%+,=?&~^[\]-]*$/;

const reads = (written: string, value: string) => parseEnv(`NAME=${written}`).NAME === value;

/** Whether docker compose, too, reads these quotes as Node does: it knows no backticks, and escapes in the others. */
function isPortable(written: string, value: string): boolean {
  if (written.startsWith("'")) return !/\\(?:'|$)/.test(value);
  return written.startsWith('"') ? !/[\\$]/.test(value) : !written.startsWith('`');
}

function* waysToWrite(value: string): Generator<string> {
  if (PLAIN.test(value)) yield value;
  for (const quote of ["'", '"', '`']) if (!value.includes(quote)) yield quote + value + quote;
}

/**
 * Returns how a value is written behind `NAME=` so that `readEnvFile` reads the same, and docker compose's `env_file` where
 * there is a way both understand. Throws ConfigurationError when there is no way at all.
 */
export function envValue(name: string, value: string): string {
  const ways = [...waysToWrite(value)].filter((written) => reads(written, value));
  const best = ways.find((written) => isPortable(written, value)) ?? ways[0];
  if (best === undefined) {
    throw new ConfigurationError(
      `${name} cannot be written to a file: it has every kind of quote in it, or ends a line where none can end. ` +
        'Choose another value, or set it in the environment.',
    );
  }
  return best;
}
