import type { Environment } from '#runtime/config/config.js';
import { providerKeys } from './provider-keys.js';

/** The existing values and the answers so far. */
export interface Known {
  values: Environment;
  isProduction: boolean;
  hasCompose: boolean;
}

export interface Question {
  name: string;
  text: string;
  /** The default when nothing is set; undefined = none. */
  suggestion?(known: Known): string | undefined;
  /** Absent = always. */
  isAsked?(known: Known): boolean;
  /** Absent = never. */
  isRequired?(known: Known): boolean;
  isHidden?: boolean;
}

const hasMail = ({ values }: Known) => !!values.SMTP_URL;
const hasBucket = ({ values }: Known) => !!values.BACKUP_S3_BUCKET;
const hasOwnServices = ({ hasCompose }: Known) => !hasCompose;

function senderAt(values: Environment): string | undefined {
  const host = values.PUBLIC_URL && URL.canParse(values.PUBLIC_URL) ? new URL(values.PUBLIC_URL).hostname : undefined;
  return host?.includes('.') ? `WebMetrics <no-reply@${host}>` : undefined;
}

/** The questions after domain and port. */
export const questions: Question[] = [
  {
    name: 'DATABASE_URL',
    text: 'PostgreSQL, as postgres://user:password@host:5432/database',
    isAsked: hasOwnServices,
    isRequired: ({ isProduction }) => isProduction,
  },
  { name: 'REDIS_URL', text: 'Redis for caches, as redis://host:6379 (empty: in memory)', isAsked: hasOwnServices },
  {
    name: 'MONGODB_URL',
    text: 'MongoDB for the job queue, as mongodb://host:27017/database (empty: in PostgreSQL)',
    isAsked: hasOwnServices,
  },
  { name: 'SMTP_URL', text: 'Mail server, as smtps://user:password@host:465 (empty: mail is written to files)' },
  { name: 'MAIL_FROM', text: 'Sender of every mail', isAsked: hasMail, suggestion: ({ values }) => senderAt(values) },
  { name: 'ALERT_MAIL_TO', text: 'Whom alerts are mailed to', isAsked: hasMail },
  ...providerKeys
    .filter(({ isAsked }) => isAsked)
    .flatMap(({ name, clientId, clientSecret }): Question[] => [
      { name: clientId, text: `Client id at ${name} (empty: not offered in production, else simulated)` },
      {
        name: clientSecret,
        text: 'Its secret',
        isAsked: ({ values }) => !!values[clientId],
        isRequired: () => true,
        isHidden: true,
      },
    ]),
  {
    name: 'GEMINI_API_KEY',
    text: 'Key of the Gemini API, whose model words the summaries of reports from their own figures (empty: fixed rules do)',
    isHidden: true,
  },
  {
    name: 'STRIPE_SECRET_KEY',
    text: 'Secret key of the Stripe account that is paid (empty: nothing is sold in production, else simulated)',
    isHidden: true,
  },
  {
    name: 'STRIPE_WEBHOOK_SECRETS',
    text: 'Signing secret of its webhook endpoint, <PUBLIC_URL>/webhooks/stripe',
    isAsked: ({ values }) => !!values.STRIPE_SECRET_KEY,
    isRequired: () => true,
    isHidden: true,
  },
  { name: 'BACKUP_DIR', text: 'Folder for backups (empty: in the data folder)', isAsked: hasOwnServices },
  { name: 'BACKUP_S3_BUCKET', text: 'S3-compatible bucket they are copied to (empty: none)' },
  {
    name: 'BACKUP_S3_ENDPOINT',
    text: "Address of that store, as https://s3.example.com (empty: Amazon's)",
    isAsked: hasBucket,
  },
  { name: 'BACKUP_S3_REGION', text: 'Its region', isAsked: hasBucket, suggestion: () => 'us-east-1' },
  { name: 'BACKUP_S3_ACCESS_KEY_ID', text: 'Its access key id', isAsked: hasBucket },
  {
    name: 'BACKUP_S3_SECRET_ACCESS_KEY',
    text: 'The secret of that key',
    isAsked: ({ values }) => !!values.BACKUP_S3_ACCESS_KEY_ID,
    isRequired: () => true,
    isHidden: true,
  },
];
