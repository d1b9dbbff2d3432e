import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { ConfigurationError, type Problem } from '#runtime/errors.js';
import { listeningHost } from '#runtime/http/addresses.js';
import { readEnvFile } from './env-file.js';
import { nearestName } from './nearest-name.js';
import { type OperationsConfig, operationsConfig, operationsVariables } from './operations-config.js';
import { findProductionProblems } from './production.js';
import type { SecretSettings } from './secrets.js';
import {
  encryptionKey,
  isNetwork,
  listOf,
  mongodbUrl,
  parseEncryptionKey,
  portNumber,
  secret,
  url,
  webAddress,
  wholeNumber,
} from './variables.js';

/** Environment variables; a blank one counts as absent. */
export type Environment = Record<string, string | undefined>;

/** Limits of the gateway: 0 = none, undefined = as the plan or the environment says. */
export interface TrafficConfig {
  /** Requests in 15 minutes from one address without credentials. */
  anonymousLimit: number;
  /** Requests in a minute of one user or API key. */
  signedInLimit: number | undefined;
  /** Cost of operations in a minute of one user or API key. */
  costLimit: number | undefined;
  /** Attempts in 15 minutes to sign in to one account from one network. */
  signInLimit: number;
  hasIntrospection: boolean;
  confirmsSignUps: boolean | undefined;
  /** Manifests of the operations of clients, and whether others run. */
  trustedDocuments: { mode: 'off' | 'report' | 'require'; paths: string[] };
  /** Addresses and networks of proxies, or their number; false = none. */
  trustedProxies: string[] | number | false;
}

export interface QuotaConfig {
  /** Share of each provider's limits for interactive requests only: 0.2 = a fifth. */
  reserve: number;
  /** Consecutive failures that open the circuit breaker of an account. */
  failuresToOpen: number;
}

/** The parsed settings; `.env.example` describes them. */
export interface Config extends OperationsConfig {
  environment: 'development' | 'test' | 'production';
  isProduction: boolean;
  host: string;
  /** 0 = any free port. */
  port: number;
  /** Processes of the gateway that share its port. */
  gatewayProcesses: number;
  /** 0 = any free port, undefined = no health server. */
  healthPort: number | undefined;
  /** undefined = known once the gateway listens. */
  publicUrl: string | undefined;
  /** Without a slash at its end; undefined = pages of the gateway. */
  dashboardUrl: string | undefined;
  /** undefined = it runs in this process. */
  gatewayUrl: string | undefined;
  dataDir: string;
  /** undefined = embedded PostgreSQL in `dataDir`. */
  databaseUrl: string | undefined;
  /** A replica of it, for reads that may lag; undefined = none. */
  databaseReadUrl: string | undefined;
  /** Connections per subgraph. */
  databasePoolSize: number;
  /** undefined = caches in memory. */
  redisUrl: string | undefined;
  /** undefined = jobs in PostgreSQL. */
  mongodbUrl: string | undefined;
  /** By name; a subgraph without one runs in this process. */
  subgraphUrls: Record<string, string>;
  /** undefined = one is started on demand. */
  simulatorUrl: string | undefined;
  simulatorPort: number;
  hasDemoData: boolean;
  /** Whether browsers get an explorer of the API at `/graphql`. */
  hasExplorer: boolean;
  /** Whether `/mcp` is served to AI agents. */
  hasMcp: boolean;
  /** Whether browsers get the dashboard at `/`. */
  hasDashboard: boolean;
  /** Empty = every loopback origin (never in production). */
  allowedOrigins: string[];
  traffic: TrafficConfig;
  quota: QuotaConfig;
  apiKeyMaxDays: number;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  secrets: SecretSettings;
  /** For settings of providers. */
  variables: Environment;
}

const DEFAULT_PORT = 8080;

const limit = z
  .string()
  .regex(/^\d{1,9}$/, 'must be a number of requests, or 0 for no limit')
  .transform(Number)
  .optional();

const processCount = z
  .string()
  .regex(/^(?:auto|[1-9]\d?)$/, 'must be a number of processes from 1 to 99, or auto')
  .default('1')
  .transform((text) => (text === 'auto' ? availableParallelism() : Number(text)));

const onOrOff = z
  .enum(['on', 'off'], 'must be on or off')
  .transform((text) => text === 'on')
  .optional();

const variables = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().optional(),
  PORT: portNumber(DEFAULT_PORT),
  GATEWAY_PROCESSES: processCount,
  HEALTH_PORT: portNumber(-1),
  PUBLIC_URL: webAddress,
  DASHBOARD_URL: webAddress,
  GATEWAY_URL: url('http:', 'https:'),
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: url('postgres:', 'postgresql:'),
  DATABASE_READ_URL: url('postgres:', 'postgresql:'),
  DATABASE_POOL_SIZE: wholeNumber(10, 1_000),
  REDIS_URL: url('redis:', 'rediss:'),
  MONGODB_URL: mongodbUrl,
  SIMULATOR_URL: url('http:', 'https:'),
  SIMULATOR_PORT: portNumber(-1),
  DEMO_DATA: z.enum(['true', 'false']).optional(),
  ALLOWED_ORIGINS: z.string().optional(),
  RATE_LIMIT_ANONYMOUS: limit,
  RATE_LIMIT_SIGNED_IN: limit,
  RATE_LIMIT_SIGN_IN: limit,
  COST_LIMIT: limit,
  GRAPHQL_INTROSPECTION: onOrOff,
  EXPLORER: onOrOff,
  SIGN_UP_CONFIRMATION: onOrOff,
  MCP: onOrOff,
  DASHBOARD: onOrOff,
  TRUSTED_DOCUMENTS: z.string().optional(),
  TRUSTED_DOCUMENTS_MODE: z.enum(['off', 'report', 'require'], 'must be off, report or require').default('off'),
  TRUSTED_PROXIES: z
    .string()
    .refine(
      (text) => /^\d{1,2}$/.test(text) || listOf(text).every(isNetwork),
      'must list addresses or networks like 10.0.0.0/8, separated by commas, or be the number of proxies',
    )
    .optional(),
  PROVIDER_QUOTA_RESERVE: z
    .string()
    .regex(/^\d{1,2}$/, 'must be a percentage from 0 to 99')
    .transform(Number)
    .default(20),
  PROVIDER_BREAKER_FAILURES: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'must be a whole number from 1 to 999')
    .transform(Number)
    .default(5),
  API_KEY_MAX_DAYS: wholeNumber(365, 36_500),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  JWT_SECRET: secret,
  JWT_SECRET_PREVIOUS: secret,
  INTERNAL_JWT_SECRET: secret,
  INTERNAL_JWT_SECRET_PREVIOUS: secret,
  TOKEN_ENCRYPTION_KEY: encryptionKey,
  TOKEN_ENCRYPTION_KEY_PREVIOUS: z.string().optional(),
  ...operationsVariables,
});

/** The settings that are read here; those of providers and `SUBGRAPH_<NAME>_URL` come on top. */
export const settingNames: readonly string[] = Object.keys(variables.shape);

const SUBGRAPH_URL = /^SUBGRAPH_(\w+)_URL$/;

function subgraphUrlsIn(environment: Environment, problems: Problem[]): Record<string, string> {
  const urls: Record<string, string> = {};
  for (const [variable, value] of Object.entries(environment)) {
    const name = SUBGRAPH_URL.exec(variable)?.[1]?.toLowerCase();
    if (!name || !value) continue;
    const result = url('http:', 'https:').safeParse(value);
    if (result.success) urls[name] = value;
    else problems.push({ argument: variable, problem: result.error.issues[0]?.message ?? 'must be a URL' });
  }
  return urls;
}

const INTERNAL_KEY = /^INTERNAL_KEY_([A-Z][A-Z_]*)$/;

/** Returns `INTERNAL_KEY_<PART>` by part: keys separated by commas, the current one first. */
function internalKeysIn(environment: Environment, problems: Problem[]): Record<string, string[]> {
  const keys: Record<string, string[]> = {};
  for (const [variable, value] of Object.entries(environment)) {
    const part = INTERNAL_KEY.exec(variable)?.[1]?.toLowerCase();
    if (!part || !value) continue;
    keys[part] = listOf(value);
    const problem = keys[part].map((key) => secret.safeParse(key).error?.issues[0]?.message).find(Boolean);
    if (problem) problems.push({ argument: variable, problem });
  }
  return keys;
}

// A misspelt name would leave its subgraph in the gateway's process.
function checkSubgraphNames(urls: Record<string, string>, known: readonly string[], problems: Problem[]): void {
  for (const name of Object.keys(urls)) {
    if (known.includes(name)) continue;
    const meant = nearestName(name, known);
    const advice = meant ? `did you mean SUBGRAPH_${meant.toUpperCase()}_URL?` : `there are ${known.join(', ')}`;
    problems.push({ argument: `SUBGRAPH_${name.toUpperCase()}_URL`, problem: `names no subgraph: ${advice}` });
  }
}

function checkPreviousKeys(text: string | undefined, problems: Problem[]): void {
  for (const key of listOf(text)) {
    if (parseEncryptionKey(key)) continue;
    problems.push({
      argument: 'TOKEN_ENCRYPTION_KEY_PREVIOUS',
      problem: 'must list keys like TOKEN_ENCRYPTION_KEY, separated by commas',
    });
    return;
  }
}

function originsIn(text: string | undefined, problems: Problem[]): string[] {
  const origins = listOf(text);
  for (const origin of origins) {
    if (URL.canParse(origin) && new URL(origin).origin === origin) continue;
    problems.push({
      argument: 'ALLOWED_ORIGINS',
      problem: `must list origins like https://app.example.com, separated by commas, not "${origin}"`,
    });
  }
  return origins;
}

function checkHealthPort(given: Environment, problems: Problem[]): void {
  const port = Number(given.HEALTH_PORT ?? 0);
  if (port === 0 || port !== Number(given.PORT ?? DEFAULT_PORT)) return;
  problems.push({ argument: 'HEALTH_PORT', problem: 'must be another port than PORT' });
}

/** What runs in each process would run as many times; what each keeps in memory would be another's past. */
function checkProcesses(
  { GATEWAY_PROCESSES, REDIS_URL }: Environment,
  urls: Record<string, string>,
  subgraphNames: readonly string[],
  problems: Problem[],
): void {
  const parsed = processCount.safeParse(GATEWAY_PROCESSES);
  if (!parsed.success || parsed.data === 1) return;
  const local = subgraphNames.filter((name) => !urls[name]).map((name) => `SUBGRAPH_${name.toUpperCase()}_URL`);
  const missing = [...(REDIS_URL ? [] : ['REDIS_URL']), ...local];
  if (missing.length === 0) return;
  const problem = `starts ${parsed.data} processes, which share caches and limits through Redis and run no subgraph: set ${missing.join(', ')}`;
  problems.push({ argument: 'GATEWAY_PROCESSES', problem });
}

function checkTrustedDocuments(
  { TRUSTED_DOCUMENTS, TRUSTED_DOCUMENTS_MODE = 'off' }: Environment,
  problems: Problem[],
): void {
  if (TRUSTED_DOCUMENTS_MODE === 'off' || listOf(TRUSTED_DOCUMENTS).length > 0) return;
  problems.push({ argument: 'TRUSTED_DOCUMENTS', problem: 'must name the manifests: TRUSTED_DOCUMENTS_MODE is set' });
}

function checkStripe({ NODE_ENV, STRIPE_SECRET_KEY }: Environment, problems: Problem[]): void {
  if (NODE_ENV === 'production' || !/^[rs]k_live_/.test(STRIPE_SECRET_KEY ?? '')) return;
  problems.push({
    argument: 'STRIPE_SECRET_KEY',
    problem: 'must be a test key outside production: this one moves money',
  });
}

function trustedProxiesIn(text: string | undefined): TrafficConfig['trustedProxies'] {
  if (!text || Number(text) === 0) return false;
  return /^\d+$/.test(text) ? Number(text) : listOf(text);
}

// Tests call from one address.
function trafficIn(given: z.output<typeof variables>): TrafficConfig {
  const isTest = given.NODE_ENV === 'test';
  return {
    anonymousLimit: given.RATE_LIMIT_ANONYMOUS ?? (isTest ? 0 : 100),
    signedInLimit: given.RATE_LIMIT_SIGNED_IN ?? (isTest ? 0 : undefined),
    costLimit: given.COST_LIMIT ?? (isTest ? 0 : undefined),
    signInLimit: given.RATE_LIMIT_SIGN_IN ?? (isTest ? 0 : 5),
    hasIntrospection: given.GRAPHQL_INTROSPECTION ?? given.NODE_ENV !== 'production',
    confirmsSignUps: given.SIGN_UP_CONFIRMATION,
    trustedDocuments: { mode: given.TRUSTED_DOCUMENTS_MODE, paths: listOf(given.TRUSTED_DOCUMENTS) },
    trustedProxies: trustedProxiesIn(given.TRUSTED_PROXIES),
  };
}

/** The simulator's port: ten above the gateway's, or below where there is no room. */
function portBeside(port: number): number {
  if (port === 0) return 0;
  return port + 10 <= 65535 ? port + 10 : port - 10;
}

/**
 * Parses the settings. With `subgraphNames`, the URL of any other subgraph is a problem. Throws one ConfigurationError with
 * every problem, also in its `details`. `required` names the settings that this program needs in production; by default those
 * of the gateway, a subgraph or a worker.
 */
export function parseConfig(
  environment: Environment,
  subgraphNames?: readonly string[],
  required?: readonly string[],
): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim() !== ''));
  const problems: Problem[] = [];
  const subgraphUrls = subgraphUrlsIn(given, problems);
  if (subgraphNames) {
    checkSubgraphNames(subgraphUrls, subgraphNames, problems);
    checkProcesses(given, subgraphUrls, subgraphNames, problems);
  }
  const internalKeys = internalKeysIn(given, problems);
  const allowedOrigins = originsIn(given.ALLOWED_ORIGINS, problems);
  checkPreviousKeys(given.TOKEN_ENCRYPTION_KEY_PREVIOUS, problems);
  checkHealthPort(given, problems);
  checkTrustedDocuments(given, problems);
  checkStripe(given, problems);
  const parsed = variables.safeParse(given);
  for (const { path, message } of parsed.error?.issues ?? []) {
    problems.push({ argument: path.join('.'), problem: message });
  }
  if (given.NODE_ENV === 'production') problems.push(...findProductionProblems(given, required));
  if (!parsed.success || problems.length > 0) {
    const lines = problems.map(({ argument, problem }) => `  - ${argument} ${problem}`);
    throw new ConfigurationError(`The settings need attention:\n${lines.join('\n')}`, { details: problems });
  }

  const settings = parsed.data;
  const isProduction = settings.NODE_ENV === 'production';
  return {
    environment: settings.NODE_ENV,
    isProduction,
    host: listeningHost(settings.HOST ?? (isProduction ? '0.0.0.0' : 'localhost')),
    port: settings.PORT,
    gatewayProcesses: settings.GATEWAY_PROCESSES,
    healthPort: settings.HEALTH_PORT >= 0 ? settings.HEALTH_PORT : undefined,
    publicUrl: settings.PUBLIC_URL?.replace(/\/$/, ''),
    dashboardUrl: settings.DASHBOARD_URL?.replace(/\/$/, ''),
    gatewayUrl: settings.GATEWAY_URL,
    dataDir: resolve(settings.DATA_DIR),
    databaseUrl: settings.DATABASE_URL,
    databaseReadUrl: settings.DATABASE_READ_URL,
    databasePoolSize: settings.DATABASE_POOL_SIZE,
    redisUrl: settings.REDIS_URL,
    mongodbUrl: settings.MONGODB_URL,
    subgraphUrls,
    simulatorUrl: settings.SIMULATOR_URL?.replace(/\/$/, ''),
    simulatorPort: settings.SIMULATOR_PORT >= 0 ? settings.SIMULATOR_PORT : portBeside(settings.PORT),
    hasDemoData: settings.DEMO_DATA ? settings.DEMO_DATA === 'true' : !isProduction && !settings.DATABASE_URL,
    hasExplorer: settings.EXPLORER ?? !isProduction,
    hasMcp: settings.MCP ?? true,
    hasDashboard: settings.DASHBOARD ?? true,
    allowedOrigins,
    traffic: trafficIn(settings),
    quota: { reserve: settings.PROVIDER_QUOTA_RESERVE / 100, failuresToOpen: settings.PROVIDER_BREAKER_FAILURES },
    apiKeyMaxDays: settings.API_KEY_MAX_DAYS,
    logLevel: settings.LOG_LEVEL,
    ...operationsConfig(settings, isProduction),
    secrets: { ...settings, internalKeys },
    variables: given,
  };
}

/** Returns the environment of this process, on top of the `.env` file in the working folder. */
export function readEnvironment(): Environment {
  // biome-ignore lint/style/noProcessEnv: the only place that reads it
  return { ...readEnvFile(resolve('.env')), ...process.env };
}

/** Returns the configuration of this process; see parseConfig. */
export function loadConfig(
  overrides: Environment = {},
  subgraphNames?: readonly string[],
  required?: readonly string[],
): Config {
  return parseConfig({ ...readEnvironment(), ...overrides }, subgraphNames, required);
}
