import { z } from 'zod';
import { encryptionKey, listOf, networks, parseEncryptionKey, secret, url, wholeNumber } from './variables.js';

/** The samplers of `OTEL_TRACES_SAMPLER`, as OpenTelemetry names them. */
const samplerNames = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

export interface SamplingOptions {
  sampler: (typeof samplerNames)[number];
  /** 0 to 1. */
  ratio: number;
}

export interface MailConfig {
  /** undefined = mail is written to `<dataDir>/mail`. */
  smtpUrl: string | undefined;
  /** An address, or `Name <address>`. */
  from: string;
  /** Of bounce reports; undefined = none are accepted. */
  bounceToken: string | undefined;
}

export interface AlertConfig {
  mailTo: string | undefined;
  webhookUrl: string | undefined;
  sentryDsn: string | undefined;
}

export interface S3Config {
  bucket: string;
  /** Without a slash at its end. */
  prefix: string;
  region: string;
  /** undefined = Amazon. */
  endpoint: string | undefined;
  accessKeyId: string | undefined;
  secretAccessKey: string | undefined;
}

export interface BackupConfig {
  everyHours: number;
  keep: number;
  /** undefined = `<dataDir>/backups`. */
  folder: string | undefined;
  /** undefined = backups stay in the folder. */
  s3: S3Config | undefined;
  /** 32 bytes; undefined = backups are not encrypted. */
  encryptionKey: Buffer | undefined;
}

/** The model that words summaries of reports. */
export interface GeminiConfig {
  apiKey: string;
  /** As in the address of its API: `gemini-3.5-flash-lite`. */
  model: string;
  /** Whether the simulator stands in: never in production. */
  isSimulated: boolean;
}

/** The account at Stripe that is paid. */
export interface StripeConfig {
  secretKey: string;
  /** Of the webhook endpoint: several while one replaces the other. */
  webhookSecrets: string[];
  /** Whether it moves real money. */
  isLive: boolean;
}

/** Retention of the audit trail: both limits hold. */
export interface AuditConfig {
  /** Events per organization. */
  keepEvents: number;
  keepMonths: number;
}

export interface OperatorConfig {
  /** undefined = generated; in production none. */
  token: string | undefined;
  /** The organization whose administrators and owners are operators, too. */
  organizationId: string | undefined;
}

export interface OperationsConfig {
  mail: MailConfig;
  alerts: AlertConfig;
  backup: BackupConfig;
  audit: AuditConfig;
  /** undefined = summaries are worded by rules. */
  gemini: GeminiConfig | undefined;
  /** undefined = the simulator stands in; in production nothing is sold. */
  stripe: StripeConfig | undefined;
  operator: OperatorConfig;
  /** Addresses and networks that are not public and that webhooks may reach, also over plain HTTP. */
  webhookNetworks: string[];
  /** undefined = tracing is off. */
  otlpEndpoint: string | undefined;
  sampling: SamplingOptions;
  historyDays: number;
  historyMonths: number;
  /** For how long the rows of reports are kept once they are finished. */
  reportKeepMonths: number;
  stopDelayMs: number;
}

const ADDRESS = /^(?:[^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/;

const mailAddress = z.string().regex(ADDRESS, 'must be a mail address, or "Name <address>"').optional();

/** The key that the simulator accepts. */
export const SIMULATED_GEMINI_KEY = 'webmetrics-simulator-gemini-key';

// What Google issues begins with AIza or AQ. today; what it will issue is not published.
const geminiKey = z
  .string()
  .regex(/^[\w.-]{20,200}$/, 'must be an API key of Google AI Studio')
  .optional();

// Secret (sk) and restricted (rk) keys; a publishable one (pk) opens nothing.
const stripeKey = z
  .string()
  .regex(/^[rs]k_(?:test|live)_\w{10,250}$/, 'must be a secret key of Stripe, which begins with sk_ or rk_')
  .optional();

const stripeWebhookSecrets = z
  .string()
  .refine(
    (text) => listOf(text).length > 0 && listOf(text).every((secret) => /^whsec_[\w+/=-]{16,250}$/.test(secret)),
    'must list signing secrets of Stripe, which begin with whsec_, separated by commas',
  )
  .optional();

const sentryDsn = url('http:', 'https:').refine(
  (text) => !text || (new URL(text).username !== '' && /\/\d+$/.test(new URL(text).pathname)),
  'must look like https://<key>@<host>/<project number>',
);

export const operationsVariables = {
  SMTP_URL: url('smtp:', 'smtps:'),
  MAIL_FROM: mailAddress,
  MAIL_BOUNCE_TOKEN: secret,
  ALERT_MAIL_TO: mailAddress,
  ALERT_WEBHOOK_URL: url('http:', 'https:'),
  SENTRY_DSN: sentryDsn,
  OTEL_EXPORTER_OTLP_ENDPOINT: url('http:', 'https:'),
  OTEL_TRACES_SAMPLER: z
    .enum(samplerNames, `must be one of ${samplerNames.join(', ')}`)
    .default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .regex(/^(?:0(?:\.\d+)?|1(?:\.0+)?)$/, 'must be a number from 0 to 1, such as 0.1')
    .transform(Number)
    .default(1),
  WEBHOOK_ALLOWED_NETWORKS: networks,
  OPERATOR_TOKEN: secret,
  OPERATOR_ORGANIZATION: z.guid('must be the id of an organization').optional(),
  BACKUP_EVERY_HOURS: wholeNumber(6, 720),
  BACKUP_KEEP: wholeNumber(30, 100_000),
  BACKUP_DIR: z.string().optional(),
  BACKUP_S3_BUCKET: z.string().optional(),
  BACKUP_S3_PREFIX: z.string().default('webmetrics'),
  BACKUP_S3_REGION: z.string().default('us-east-1'),
  BACKUP_S3_ENDPOINT: url('http:', 'https:'),
  BACKUP_S3_ACCESS_KEY_ID: z.string().optional(),
  BACKUP_S3_SECRET_ACCESS_KEY: z.string().optional(),
  BACKUP_ENCRYPTION_KEY: encryptionKey,
  GEMINI_API_KEY: geminiKey,
  GEMINI_MODEL: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{2,99}$/, 'must be the name of a model, such as gemini-3.5-flash-lite')
    .default('gemini-3.5-flash-lite'),
  STRIPE_SECRET_KEY: stripeKey,
  STRIPE_WEBHOOK_SECRETS: stripeWebhookSecrets,
  AUDIT_KEEP_EVENTS: wholeNumber(10_000),
  AUDIT_KEEP_MONTHS: wholeNumber(6, 1_200),
  HISTORY_DAYS: wholeNumber(90, 3_660),
  HISTORY_MONTHS: wholeNumber(25, 120),
  REPORT_KEEP_MONTHS: wholeNumber(13, 1_200),
  STOP_DELAY_MS: z
    .string()
    .regex(/^\d+$/, 'must be a number of milliseconds')
    .transform(Number)
    .refine((value) => value <= 60_000, 'must be at most 60000')
    .default(0),
};

const settings = z.object(operationsVariables);

/** For development with a receiver on the same machine. */
const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/** Returns the settings of operations in the form the program uses. */
export function operationsConfig(given: z.output<typeof settings>, isProduction: boolean): OperationsConfig {
  return {
    mail: {
      smtpUrl: given.SMTP_URL,
      from: given.MAIL_FROM ?? 'WebMetrics <webmetrics@localhost>',
      bounceToken: given.MAIL_BOUNCE_TOKEN,
    },
    alerts: {
      mailTo: given.ALERT_MAIL_TO,
      webhookUrl: given.ALERT_WEBHOOK_URL,
      sentryDsn: given.SENTRY_DSN,
    },
    backup: {
      everyHours: given.BACKUP_EVERY_HOURS,
      keep: given.BACKUP_KEEP,
      folder: given.BACKUP_DIR,
      s3: given.BACKUP_S3_BUCKET
        ? {
            bucket: given.BACKUP_S3_BUCKET,
            prefix: given.BACKUP_S3_PREFIX.replace(/\/+$/, ''),
            region: given.BACKUP_S3_REGION,
            endpoint: given.BACKUP_S3_ENDPOINT,
            accessKeyId: given.BACKUP_S3_ACCESS_KEY_ID,
            secretAccessKey: given.BACKUP_S3_SECRET_ACCESS_KEY,
          }
        : undefined,
      encryptionKey: given.BACKUP_ENCRYPTION_KEY ? parseEncryptionKey(given.BACKUP_ENCRYPTION_KEY) : undefined,
    },
    audit: { keepEvents: given.AUDIT_KEEP_EVENTS, keepMonths: given.AUDIT_KEEP_MONTHS },
    gemini: given.GEMINI_API_KEY
      ? {
          apiKey: given.GEMINI_API_KEY,
          model: given.GEMINI_MODEL,
          isSimulated: given.GEMINI_API_KEY === SIMULATED_GEMINI_KEY,
        }
      : undefined,
    stripe: given.STRIPE_SECRET_KEY
      ? {
          secretKey: given.STRIPE_SECRET_KEY,
          webhookSecrets: listOf(given.STRIPE_WEBHOOK_SECRETS),
          isLive: /^[rs]k_live_/.test(given.STRIPE_SECRET_KEY),
        }
      : undefined,
    operator: { token: given.OPERATOR_TOKEN, organizationId: given.OPERATOR_ORGANIZATION },
    webhookNetworks: given.WEBHOOK_ALLOWED_NETWORKS
      ? listOf(given.WEBHOOK_ALLOWED_NETWORKS)
      : isProduction
        ? []
        : LOOPBACK,
    otlpEndpoint: given.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/$/, ''),
    sampling: { sampler: given.OTEL_TRACES_SAMPLER, ratio: given.OTEL_TRACES_SAMPLER_ARG },
    historyDays: given.HISTORY_DAYS,
    historyMonths: given.HISTORY_MONTHS,
    reportKeepMonths: given.REPORT_KEEP_MONTHS,
    stopDelayMs: given.STOP_DELAY_MS,
  };
}
