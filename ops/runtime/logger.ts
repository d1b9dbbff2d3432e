import { type LevelWithSilent, type Logger as PinoLogger, pino, stdTimeFunctions } from 'pino';
import { PinoPretty } from 'pino-pretty';

/** Structured logging in four levels; `audit` records who did what and outranks the others. */
export type Logger = Pick<PinoLogger<'audit'>, 'info' | 'warn' | 'error' | 'audit'>;

// Whatever may carry a secret, wherever it stands in a logged object down to three levels.
const SECRET_FIELDS = [
  'password',
  'secret',
  'token',
  'accessToken',
  'refreshToken',
  'access_token',
  'refresh_token',
  'client_secret',
  'code',
  'code_verifier',
  'authorization',
  'cookie',
  '["set-cookie"]',
];

const below = (prefix: string, field: string) => (field.startsWith('[') ? prefix + field : `${prefix}.${field}`);
const redactedPaths = SECRET_FIELDS.flatMap((field) => [field, below('*', field), below('*.*', field)]);

/** Returns a logger that writes JSON lines, or coloured text when the output is a terminal. */
export function createLogger(options: { level: LevelWithSilent; isPretty?: boolean; name?: string }): Logger {
  const isPretty = options.isPretty ?? process.stdout.isTTY;
  return pino<'audit'>(
    {
      level: options.level,
      base: options.name ? { name: options.name } : {},
      customLevels: { audit: 55 },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: redactedPaths, censor: '[redacted]' },
    },
    isPretty
      ? PinoPretty({
          colorize: true,
          singleLine: true,
          customLevels: 'info:30,warn:40,error:50,audit:55',
          customColors: 'info:green,warn:yellow,error:red,audit:cyan',
          useOnlyCustomProps: true,
          ignore: 'pid,hostname',
          translateTime: 'SYS:HH:MM:ss.l',
        })
      : undefined,
  );
}
