import { readFileSync } from 'node:fs';
import type { Environment } from '#runtime/config/config.js';
import { ConfigurationError } from '#runtime/errors.js';

export interface SecretFlagOptions {
  /** As it is written: `--jwt-secret`. */
  flag: string;
  given: string;
  /** The variable that `@env` stands for. */
  variable: string;
  /** Whether the value, as it is given, is or has a secret. */
  isSecret: boolean;
  environment: Environment;
  readInput?: () => string;
}

const STANDARD_INPUT = 0;

function read(file: string, flag: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ConfigurationError(`${flag}: the file ${file} cannot be read (${code}).`, { cause });
  }
}

/** Whether npm runs this program: it shows the command line, and keeps it in its own log. */
const isUnderNpm = ({ npm_lifecycle_event, npm_command }: Environment) => Boolean(npm_lifecycle_event || npm_command);

/**
 * Returns the value of a flag for a secret: `@file` is the content of a file, `@-` standard input, `@env` the variable of the environment,
 * anything else the value itself. Throws ConfigurationError for a secret on a command line of npm, and for what cannot be read.
 */
export function readSecretFlag(options: SecretFlagOptions): string {
  const { flag, given, variable, isSecret, environment } = options;
  const { readInput = () => readFileSync(STANDARD_INPUT, 'utf8') } = options;
  if (given === '') return '';
  if (given === '@-') return readInput().trim();
  if (given === '@env') {
    const value = environment[variable];
    if (!value) throw new ConfigurationError(`${flag} @env: the variable ${variable} is not set.`);
    return value.trim();
  }
  if (given.startsWith('@')) return read(given.slice(1), flag).trim();
  if (isSecret && isUnderNpm(environment)) {
    throw new ConfigurationError(
      `${flag} has a secret, and npm shows and logs its command line: give it as @file, as @- (standard input), or as @env (the variable ` +
        `${variable}). Change this one, as it has been shown.`,
    );
  }
  return given;
}
