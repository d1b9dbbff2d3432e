import { type LevelWithSilent, type Logger as PinoLogger, pino, stdTimeFunctions } from 'pino';
import { PinoPretty } from 'pino-pretty';
import { currentRequestContext } from '#runtime/scope/request-context.js';
import { currentTraceId } from '#runtime/scope/spans.js';
import { redact } from './redact.js';
import { redactText } from './redact-text.js';

/** Structured logging in five levels; `audit` records who did what and outranks the others. */
export type Logger = Pick<PinoLogger<'audit'>, 'debug' | 'info' | 'warn' | 'error' | 'audit'>;

export interface LoggerOptions {
  level: LevelWithSilent;
  /** Coloured text instead of JSON; undefined = when the output is a terminal. */
  isPretty?: boolean;
  /** Of the program; undefined = the gateway. */
  name?: string;
  /** Of several processes that are one program: which. */
  process?: string | number;
  /** undefined = standard output. */
  destination?: { write(line: string): void };
}

type Fields = Record<string, unknown>;

function requestFields(): Fields {
  const context = currentRequestContext();
  const traceId = currentTraceId();
  if (!context) return traceId ? { traceId } : {};
  const { requestId, organizationId } = context;
  const known: Fields = { requestId };
  if (organizationId) known.organizationId = organizationId;
  if (traceId) known.traceId = traceId;
  return known;
}

function addRequestFields(given: object, known: Fields): Fields {
  const { requestId, organizationId } = known;
  // Spreading into a third object would take longer than writing the line.
  const fields = Object.assign(known, given);
  if (requestId && !fields.requestId) fields.requestId = requestId;
  if (organizationId && !fields.organizationId) fields.organizationId = organizationId;
  return fields;
}

function prettyStream(destination: LoggerOptions['destination']) {
  return PinoPretty({
    colorize: true,
    singleLine: true,
    customLevels: 'debug:20,info:30,warn:40,error:50,audit:55',
    customColors: 'debug:blue,info:green,warn:yellow,error:red,audit:cyan',
    useOnlyCustomProps: true,
    ignore: 'pid,hostname',
    translateTime: 'SYS:HH:MM:ss.l',
    ...(destination && { destination: destination as NodeJS.WritableStream }),
  });
}

/**
 * Returns a logger that writes JSON lines, or coloured text to a terminal. Each line names the request and organization
 * it belongs to, if any, and secrets are redacted.
 */
export function createLogger({ level, name, process: part, destination, ...options }: LoggerOptions): Logger {
  const isPretty = options.isPretty ?? process.stdout.isTTY;
  const logger = pino<'audit'>(
    {
      level,
      base: { ...(name && { name }), ...(part !== undefined && { process: part }) },
      customLevels: { audit: 55 },
      timestamp: stdTimeFunctions.isoTime,
      mixin: requestFields,
      mixinMergeStrategy: (given, known) => addRequestFields(given, known as Fields),
      // `redact` has made a plain object of an error, which Pino's own serializer would give the type "Object".
      serializers: { err: (error) => error },
      formatters: { level: (label) => ({ level: label }), log: redact },
      // Applied to the finished line, so that nothing bypasses it.
      hooks: { streamWrite: redactText },
    },
    isPretty ? prettyStream(destination) : (destination ?? pino.destination({ fd: 1, sync: true })),
  );
  // Pino writes the bindings of a child logger past the formatters.
  const makeChild = logger.child;
  logger.child = function (this: typeof logger, bindings: Fields, childOptions?: object) {
    return makeChild.call(this, redact(bindings), childOptions as never);
  } as typeof logger.child;
  return logger;
}
