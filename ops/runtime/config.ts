import { resolve } from 'node:path';
import { z } from 'zod';
import { readEnvFile } from './env-file.js';
import { ConfigurationError } from './errors.js';
import { type OperationsConfig, operationsConfig, operationsVariables } from './operations-config.js';
import type { SecretSettings } from './secrets.js';
import { type TrafficConfig, trafficConfig, trafficVariables } from './traffic-config.js';
import { encryptionKey, parseEncryptionKey, portNumber, secret, url, wholeNumber } from './variables.js';

/** Variables as the process was given them; an empty one counts as absent. */
export type Environment = Record<string, string | undefined>;

/** What an installation was told, in our words. Everything has a default outside production. */
export interface Config extends OperationsConfig {
  environment: 'development' | 'test' | 'production';
  isProduction: boolean;
  host: string;
  /** 0 = any free port. */
  port: number;
  /** Where people and providers reach the gateway; undefined = derived from host and port once it listens. */
  publicUrl: string | undefined;
  /** Where jobs and subgraphs reach the gateway; undefined = it runs in this process. */
  gatewayUrl: string | undefined;
  dataDir: string;
  /** undefined = embedded PostgreSQL in `dataDir`. */
  databaseUrl: string | undefined;
  /** Connections each subgraph keeps to PostgreSQL at the most. */
  databasePoolSize: number;
  /** undefined = caches in memory. */
  redisUrl: string | undefined;
  /** undefined = jobs in PostgreSQL. */
  mongodbUrl: string | undefined;
  /** Address per subgraph name; a subgraph without one runs in this process. */
  subgraphUrls: Record<string, string>;
  /** An already running provider simulator; undefined = one is started when a provider needs it. */
  simulatorUrl: string | undefined;
  simulatorPort: number;
  /** Whether the demo organization is created on first run. */
  hasDemoData: boolean;
  /** Origins whose pages may call the API; empty = every loopback origin (never in production). */
  allowedOrigins: string[];
  traffic: TrafficConfig;
  logLevel: 'info' | 'warn' | 'error' | 'silent';
  secrets: SecretSettings;
  /** For the providers' own settings; nobody else reads it. */
  variables: Environment;
}

const variables = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().optional(),
  PORT: portNumber(8080),
  PUBLIC_URL: url('http:', 'https:'),
  GATEWAY_URL: url('http:', 'https:'),
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: url('postgres:', 'postgresql:'),
  DATABASE_POOL_SIZE: wholeNumber(10),
  REDIS_URL: url('redis:', 'rediss:'),
  MONGODB_URL: url('mongodb:', 'mongodb+srv:'),
  SIMULATOR_URL: url('http:', 'https:'),
  SIMULATOR_PORT: portNumber(-1),
  DEMO_DATA: z.enum(['true', 'false']).optional(),
  ALLOWED_ORIGINS: z.string().optional(),
  LOG_LEVEL: z.enum(['info', 'warn', 'error', 'silent']).default('info'),
  JWT_SECRET: secret,
  INTERNAL_JWT_SECRET: secret,
  TOKEN_ENCRYPTION_KEY: encryptionKey,
  TOKEN_ENCRYPTION_KEY_PREVIOUS: z.string().optional(),
  ...operationsVariables,
  ...trafficVariables,
});

const REQUIRED_IN_PRODUCTION = ['JWT_SECRET', 'TOKEN_ENCRYPTION_KEY', 'DATABASE_URL', 'ALLOWED_ORIGINS'] as const;

function subgraphUrlsIn(environment: Environment, problems: string[]): Record<string, string> {
  const urls: Record<string, string> = {};
  for (const [variable, value] of Object.entries(environment)) {
    const name = /^SUBGRAPH_(\w+)_URL$/.exec(variable)?.[1]?.toLowerCase();
    if (!name || !value) continue;
    const result = url('http:', 'https:').safeParse(value);
    if (result.success) urls[name] = value;
    else problems.push(`${variable} ${result.error.issues[0]?.message}`);
  }
  return urls;
}

function checkPreviousKeys(text: string | undefined, problems: string[]): void {
  for (const key of (text ?? '').split(',').flatMap((part) => part.trim() || [])) {
    if (parseEncryptionKey(key)) continue;
    problems.push('TOKEN_ENCRYPTION_KEY_PREVIOUS must list keys like TOKEN_ENCRYPTION_KEY, separated by commas');
    return;
  }
}

function originsIn(text: string | undefined, problems: string[]): string[] {
  const origins = (text ?? '').split(',').flatMap((part) => part.trim() || []);
  for (const origin of origins) {
    if (URL.canParse(origin) && new URL(origin).origin === origin) continue;
    problems.push(
      `ALLOWED_ORIGINS must list origins like https://app.example.com, separated by commas, not "${origin}"`,
    );
  }
  return origins;
}

/** The simulator's port where none is set: ten above the gateway's, or below where there is no room. */
function portBeside(port: number): number {
  if (port === 0) return 0;
  return port + 10 <= 65535 ? port + 10 : port - 10;
}

/**
 * Returns the configuration in `environment`.
 * Throws one ConfigurationError that names every problem at once.
 */
export function parseConfig(environment: Environment): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const problems: string[] = [];
  const subgraphUrls = subgraphUrlsIn(given, problems);
  const allowedOrigins = originsIn(given.ALLOWED_ORIGINS, problems);
  checkPreviousKeys(given.TOKEN_ENCRYPTION_KEY_PREVIOUS, problems);
  const parsed = variables.safeParse(given);
  if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  if (given.NODE_ENV === 'production') {
    for (const name of REQUIRED_IN_PRODUCTION) if (!given[name]) problems.push(`${name} is required in production`);
    if (given.SIMULATOR_URL) problems.push('SIMULATOR_URL must not be set in production');
  }
  if (!parsed.success || problems.length > 0) {
    throw new ConfigurationError(`The settings need attention:\n${problems.map((line) => `  - ${line}`).join('\n')}`);
  }

  const settings = parsed.data;
  const isProduction = settings.NODE_ENV === 'production';
  return {
    environment: settings.NODE_ENV,
    isProduction,
    host: settings.HOST ?? (isProduction ? '0.0.0.0' : 'localhost'),
    port: settings.PORT,
    publicUrl: settings.PUBLIC_URL?.replace(/\/$/, ''),
    gatewayUrl: settings.GATEWAY_URL,
    dataDir: resolve(settings.DATA_DIR),
    databaseUrl: settings.DATABASE_URL,
    databasePoolSize: settings.DATABASE_POOL_SIZE,
    redisUrl: settings.REDIS_URL,
    mongodbUrl: settings.MONGODB_URL,
    subgraphUrls,
    simulatorUrl: settings.SIMULATOR_URL?.replace(/\/$/, ''),
    simulatorPort: settings.SIMULATOR_PORT >= 0 ? settings.SIMULATOR_PORT : portBeside(settings.PORT),
    hasDemoData: settings.DEMO_DATA ? settings.DEMO_DATA === 'true' : !isProduction && !settings.DATABASE_URL,
    allowedOrigins,
    traffic: trafficConfig(settings, settings.NODE_ENV === 'test'),
    logLevel: settings.LOG_LEVEL,
    ...operationsConfig(settings),
    secrets: settings,
    variables: given,
  };
}

/** Returns the configuration of this process: its environment, and below it the `.env` file of the working folder. */
export function loadConfig(overrides: Environment = {}): Config {
  // The only place that reads process.env.
  // biome-ignore lint/style/noProcessEnv: see above
  return parseConfig({ ...readEnvFile(resolve('.env')), ...process.env, ...overrides });
}
