import { providerKeys, type Setting } from './provider-keys.js';

export interface Section {
  title: string;
  settings: Setting[];
}

const plain = (name: string, purpose: string): Setting => ({ name, purpose });
const secret = (name: string, purpose: string): Setting => ({ name, purpose, isSecret: true });
const address = (name: string, purpose: string): Setting => ({ name, purpose, hasPassword: true });

/** Every setting of WebMetrics, in the order of `.env`. */
export const sections: Section[] = [
  {
    title: 'The process',
    settings: [
      plain('NODE_ENV', 'development, test or production'),
      plain('HOST', 'Address to listen on'),
      plain('PORT', 'Port of the gateway'),
      plain(
        'GATEWAY_PROCESSES',
        'Processes of the gateway on its port: a number, or auto for one per core; absent = 1',
      ),
      plain('HEALTH_PORT', 'Port where a thread of its own answers /health, for probes; absent = none'),
      plain('LOG_LEVEL', 'Least important log lines that are written: debug, info, warn, error or silent'),
      plain('STOP_DELAY_MS', 'Milliseconds a stopping gateway or subgraph goes on taking requests'),
      plain('DATA_DIR', 'Folder for whatever is kept in files'),
      plain('HISTORY_DAYS', 'Days of campaigns that are copied when an account is connected'),
      plain('HISTORY_MONTHS', 'Months for which the daily figures of campaigns are kept'),
      plain('REPORT_KEEP_MONTHS', 'Months for which the rows and files of reports are kept'),
    ],
  },
  {
    title: 'Addresses',
    settings: [
      plain('PUBLIC_URL', 'Where people and providers reach the gateway'),
      plain('DASHBOARD_URL', 'Where links in mails lead; absent = pages of the gateway itself'),
      plain('GATEWAY_URL', 'Where jobs and auth reach the gateway, with /graphql'),
      plain('ALLOWED_ORIGINS', 'Origins whose pages may call the API, separated by commas'),
      plain('SUBGRAPH_AUTH_URL', 'Where the subgraph auth is served; absent = in the gateway'),
      plain('SUBGRAPH_INTEGRATIONS_URL', 'Where the subgraph integrations is served; absent = in the gateway'),
      plain('SUBGRAPH_REPORTING_URL', 'Where the subgraph reporting is served; absent = in the gateway'),
      plain('SUBGRAPH_BILLING_URL', 'Where the subgraph billing is served; absent = in the gateway'),
    ],
  },
  {
    title: 'Limits of requests',
    settings: [
      plain(
        'RATE_LIMIT_ANONYMOUS',
        'Requests in 15 minutes from one address without credentials, for each purpose; 0 = no limit',
      ),
      plain(
        'RATE_LIMIT_SIGNED_IN',
        'Requests in a minute of one person, or of all API keys of one organization; absent = by plan, 0 = no limit',
      ),
      plain('COST_LIMIT', 'What operations of these may cost in a minute; absent = by plan'),
      plain('RATE_LIMIT_SIGN_IN', 'Attempts in 15 minutes to sign in to one account from one network; 0 = no limit'),
      plain('GRAPHQL_INTROSPECTION', 'Whether clients may ask for the schema, on or off; absent = outside production'),
      plain(
        'EXPLORER',
        'Whether browsers get an explorer of the API at /graphql, on or off; absent = outside production',
      ),
      plain('SIGN_UP_CONFIRMATION', 'Whether a mailed link completes a sign-up, on or off; absent = in production'),
      plain('MCP', 'Whether AI agents are served at /mcp, on or off; absent = on'),
      plain('DASHBOARD', 'Whether browsers get the dashboard at /, on or off; absent = on'),
      plain('TRUSTED_DOCUMENTS', 'Manifests of the operations of clients: folders and files'),
      plain(
        'TRUSTED_DOCUMENTS_MODE',
        'Whether operations in no manifest run: off, report (run and list them) or require (refuse them)',
      ),
      plain('TRUSTED_PROXIES', 'Proxies whose X-Forwarded-For is believed: addresses, networks, or how many'),
    ],
  },
  {
    title: 'API keys and webhooks',
    settings: [
      plain('API_KEY_MAX_DAYS', 'The longest life of an API key, in days'),
      plain('WEBHOOK_ALLOWED_NETWORKS', 'Networks that are not public and that webhooks may reach'),
    ],
  },
  {
    title: 'Services',
    settings: [
      address('DATABASE_URL', 'PostgreSQL; absent = the embedded one, outside production'),
      address('DATABASE_READ_URL', 'A read replica of PostgreSQL, for figures; absent = none'),
      plain('DATABASE_POOL_SIZE', 'Connections each subgraph of a process keeps to PostgreSQL at the most'),
      address('REDIS_URL', 'Redis for caches; absent = in memory'),
      address('MONGODB_URL', 'MongoDB for the job queue; absent = in PostgreSQL'),
    ],
  },
  {
    title: 'Secrets: the same in every process of an installation',
    settings: [
      secret('JWT_SECRET', 'Signs access tokens'),
      secret('JWT_SECRET_PREVIOUS', 'Signed them before: those are taken, too'),
      secret('INTERNAL_JWT_SECRET', 'Signs what gateway, subgraphs and jobs say to each other, and download links'),
      secret('INTERNAL_KEY_AUTH', 'Signs that for the subgraph auth alone; absent = from INTERNAL_JWT_SECRET'),
      secret('INTERNAL_KEY_INTEGRATIONS', 'The same for integrations'),
      secret('INTERNAL_KEY_REPORTING', 'The same for reporting'),
      secret('INTERNAL_KEY_BILLING', 'The same for billing'),
      secret('INTERNAL_JWT_SECRET_PREVIOUS', 'Signed that before: it is taken, too'),
      secret('TOKEN_ENCRYPTION_KEY', 'Seals the tokens of providers: who loses it loses every connection'),
      secret('TOKEN_ENCRYPTION_KEY_PREVIOUS', 'Keys that sealed them before, separated by commas'),
    ],
  },
  {
    title: 'Operators',
    settings: [
      secret('OPERATOR_TOKEN', 'Opens /api/status in full, /metrics and /jobs'),
      plain('OPERATOR_ORGANIZATION', 'Id of the organization whose administrators are operators too'),
    ],
  },
  {
    title: 'Mail',
    settings: [
      address('SMTP_URL', 'Server that mail is handed to; absent = mail is written to files'),
      plain('MAIL_FROM', 'Sender of every mail: an address, or "Name <address>"'),
      secret('MAIL_BOUNCE_TOKEN', 'What a mail service must present to report bounces'),
    ],
  },
  {
    title: 'Watching',
    settings: [
      plain('ALERT_MAIL_TO', 'Whom alerts are mailed to'),
      secret('ALERT_WEBHOOK_URL', 'Where alerts are posted'),
      address('SENTRY_DSN', 'Sentry project that errors are reported to'),
      address('OTEL_EXPORTER_OTLP_ENDPOINT', 'Where traces go, as OTLP over HTTP'),
      plain('OTEL_TRACES_SAMPLER', 'Which traces are sent: parentbased_traceidratio for a share of them; absent = all'),
      plain('OTEL_TRACES_SAMPLER_ARG', 'That share, from 0 to 1'),
    ],
  },
  {
    title: 'Backups',
    settings: [
      plain('BACKUP_EVERY_HOURS', 'Hours between two backups'),
      plain('BACKUP_KEEP', 'How many are kept'),
      plain('BACKUP_DIR', 'Folder they are written to'),
      plain('BACKUP_S3_BUCKET', 'S3-compatible bucket they are copied to'),
      plain('BACKUP_S3_PREFIX', 'Put before their names there'),
      plain('BACKUP_S3_REGION', 'Region of the bucket'),
      plain('BACKUP_S3_ENDPOINT', "Address of the store; absent = Amazon's own"),
      plain('BACKUP_S3_ACCESS_KEY_ID', 'As whom they are written there'),
      secret('BACKUP_S3_SECRET_ACCESS_KEY', 'Secret of that key'),
      secret('BACKUP_ENCRYPTION_KEY', 'Seals backups: keep a copy somewhere else, nobody can read them without it'),
    ],
  },
  {
    title: 'Audit trail',
    settings: [
      plain('AUDIT_KEEP_EVENTS', 'Events that are kept of each organization in each class at the most'),
      plain('AUDIT_KEEP_MONTHS', 'Months that they are kept at the most'),
    ],
  },
  {
    title: 'Providers',
    settings: [
      ...providerKeys.flatMap(({ name, clientId, clientSecret, others }) => [
        plain(clientId, `OAuth client at ${name}`),
        secret(clientSecret, `Secret of that client at ${name}`),
        ...others.map((other) => ({ ...other })),
      ]),
      plain('ECB_API_BASE', 'Base address of the reference rates of the European Central Bank'),
      plain('PROVIDER_TIMEOUT_MS', 'Milliseconds after which a provider that does not answer counts as unavailable'),
      plain('PROVIDER_QUOTA_RESERVE', 'Percent of each limit of a provider that jobs leave to people'),
      plain('PROVIDER_BREAKER_FAILURES', 'Failures in a row after which an account is left alone for a while'),
    ],
  },
  {
    title: 'Summaries of reports',
    settings: [
      secret(
        'GEMINI_API_KEY',
        'Key of the Gemini API, whose model words summaries of reports; absent = fixed rules do',
      ),
      plain('GEMINI_MODEL', 'The model that is asked'),
    ],
  },
  {
    title: 'Billing',
    settings: [
      secret(
        'STRIPE_SECRET_KEY',
        'Secret key of the Stripe account that is paid; absent = the simulator, and in production nothing is sold',
      ),
      secret('STRIPE_WEBHOOK_SECRETS', 'Signing secrets of its destinations, separated by commas'),
    ],
  },
  {
    title: 'Demo and simulator: never in production',
    settings: [
      plain('DEMO_DATA', 'Whether the first start makes the demo organization: true or false'),
      plain('SIMULATOR_PORT', 'Port of the simulator that `npm start` brings along'),
      plain('SIMULATOR_URL', 'A simulator that runs already'),
    ],
  },
  {
    title: 'Read by docker-compose.yml only',
    settings: [
      secret('POSTGRES_PASSWORD', 'Password of the PostgreSQL it starts'),
      secret('REDIS_PASSWORD', 'Password of the Redis it starts'),
      secret('MONGO_PASSWORD', 'Password of the MongoDB it starts'),
    ],
  },
];

export const settings: Setting[] = sections.flatMap((section) => section.settings);

const byName = new Map(settings.map((setting) => [setting.name, setting]));

/** Returns a setting by name, if it exists. */
export function findSetting(name: string): Setting | undefined {
  return byName.get(name);
}

/** The subgraphs that can have an address. */
export const addressableSubgraphs: string[] = settings.flatMap(
  ({ name }) => /^SUBGRAPH_(\w+)_URL$/.exec(name)?.[1]?.toLowerCase() ?? [],
);

/** Returns the setup flag of a variable: `--database-url` for DATABASE_URL. */
export function flagOf(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}
