import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import type { Alerts, Notices } from './alert.js';
import { alertChannels } from './alerts/alert-channels.js';
import { openAlerts } from './alerts/open-alerts.js';
import { type Cache, openCache } from './cache/cache.js';
import { cacheSealers } from './cache/cache-sealers.js';
import { type CachedRateLimits, openRateLimits, type RateLimits } from './cache/rate-limit.js';
import { rememberBriefly } from './cache/remember-briefly.js';
import type { Config } from './config/config.js';
import { resolveSecrets, type Secrets } from './config/secrets.js';
import { pingDatabase } from './database/check-database.js';
import { openDatabaseServer } from './database/database-server.js';
import { openOperationsDatabase } from './database/operations-database.js';
import { openDurableRateLimits } from './database/rate-limits.js';
import { reachDatabase } from './database/reach-database.js';
import { Entitlements } from './entitlements/entitlements.js';
import { readIsSold } from './entitlements/is-sold.js';
import { readInstallationFigures } from './health/installation-figures.js';
import { localUrl } from './http/addresses.js';
import { createGraphClient, type GraphClient } from './http/graph-client.js';
import { HttpClient } from './http/http-client.js';
import { IdentitySigner, signerWhenUsed, type TokenSigner } from './identity/identity.js';
import { InternalSigner } from './identity/internal-signer.js';
import { completionLedger } from './jobs/completion.js';
import { type Jobs, openJobs } from './jobs/jobs.js';
import { recordQueue } from './jobs/queue-address.js';
import type { Logger } from './log/logger.js';
import type { Lifecycle } from './process/lifecycle.js';
import { Sealer } from './sealing/crypto.js';
import { watchInstallation } from './telemetry/observe-installation.js';
import { observeJob, traceJob, watchQueue } from './telemetry/observe-jobs.js';
import { readMachine, watchMachine } from './telemetry/observe-machine.js';

/** The services of every process. */
export interface BaseServices {
  config: Config;
  logger: Logger;
  lifecycle: Lifecycle;
  secrets: Secrets;
  cache: Cache;
  http: HttpClient;
  /** Shared by all processes through the cache. */
  requestLimits: CachedRateLimits;
  alerts: Alerts;
  /** For what a watch finds. */
  notices: Notices;
  /** undefined = operators cannot authenticate by token. */
  operatorToken: string | undefined;
  /** For tokens between parts of WebMetrics. */
  internalSigner: InternalSigner;
  accessTokenSigner: TokenSigner;
  /** undefined = there is no simulator, as in production. */
  simulatorUrl: string | undefined;
  /** The URL of PostgreSQL where it is starting already; undefined = it is opened with what needs it. */
  databaseServer: Promise<string> | undefined;
  /** Of the gateway, for users and providers; an embedded one must listen first. */
  publicUrl(): string;
  now(): Date;
}

/** The services of a process that runs subgraphs or jobs. */
export interface Services extends BaseServices {
  /** In PostgreSQL: of what protects passwords, codes and mails. */
  rateLimits: RateLimits;
  databaseUrl: string;
  /** The schema `operations`. */
  operations: DataSource;
  entitlements: Entitlements;
  /** Open schemas. */
  databases: Map<string, DataSource>;
  jobs: Jobs;
  graph: GraphClient;
  sealer: Sealer;
}

export interface BaseServicesOptions {
  config: Config;
  logger: Logger;
  lifecycle: Lifecycle;
  /** Of this process; absent = as configured. */
  simulatorUrl?: string;
  /** Of this process's gateway; undefined until it listens. */
  listeningUrl?: () => string | undefined;
  now?: () => Date;
  databaseServer?: Promise<string>;
}

/** Opens the services that need no database, until `lifecycle` closes. */
export function openBaseServices(options: BaseServicesOptions): BaseServices {
  const { config, logger, lifecycle, listeningUrl = () => undefined, now = () => new Date() } = options;
  const { simulatorUrl = config.simulatorUrl ?? `http://127.0.0.1:${config.simulatorPort}` } = options;
  const secrets = resolveSecrets(config.secrets, config.isProduction ? undefined : config.dataDir);
  const http = new HttpClient(logger);
  lifecycle.onClose('HTTP client', () => http.close());
  const alerts = openAlerts({ logger, channels: alertChannels({ config, http, logger }) });
  lifecycle.onClose('Alerts', () => alerts.close());
  lifecycle.onCrash((error) => {
    const message = 'A process of WebMetrics stops because of an uncaught error: read its log.';
    alerts.raise({ category: 'internal', key: 'crash', runbook: 'process-down', message, error });
  });
  const cache = openCache({ redisUrl: config.redisUrl, logger, sealerOf: cacheSealers(secrets) });
  lifecycle.onClose('Cache', () => cache.close());
  watchSurroundings(config, lifecycle);
  const requestLimits = openRateLimits({ redisUrl: config.redisUrl, logger });
  lifecycle.onClose('Rate limits', () => requestLimits.close());
  return {
    config,
    logger,
    lifecycle,
    secrets,
    cache,
    http,
    requestLimits,
    alerts,
    notices: alerts,
    operatorToken: config.operator.token ?? (config.isProduction ? undefined : secrets.operator),
    internalSigner: new InternalSigner(secrets.keysOf),
    accessTokenSigner: signerWhenUsed(() => new IdentitySigner(...secrets.jwtKeys())),
    simulatorUrl: config.isProduction ? undefined : simulatorUrl,
    databaseServer: options.databaseServer,
    publicUrl: () => config.publicUrl ?? listeningUrl() ?? localUrl(config.host, config.port),
    now,
  };
}

function watchSurroundings({ dataDir, backup, publicUrl, subgraphUrls }: Config, lifecycle: Lifecycle): void {
  const addresses = [publicUrl, ...Object.values(subgraphUrls)].filter((url) => url?.startsWith('https:')) as string[];
  const folders = { data: dataDir, backups: backup.folder ?? join(dataDir, 'backups') };
  watchMachine(readMachine({ folders, addresses }));
  lifecycle.onClose('Metrics of the machine', () => watchMachine(undefined));
}

const TEST_LOCK_LIFETIME_MS = 5_000;

/** Every process is asked for the same by its scraper. */
const FIGURES_MEMORY_MS = 10_000;

async function databaseServerOf({ databaseServer, ...base }: BaseServices): Promise<string> {
  const { config, logger } = base;
  const databaseUrl = await (databaseServer ?? openDatabaseServer(base));
  // An embedded one has just been started.
  if (config.databaseUrl) await reachDatabase({ databaseUrl, logger });
  return databaseUrl;
}

async function openQueueAt(base: BaseServices, databaseUrl: string, operations?: DataSource): Promise<Jobs> {
  const { config, logger, lifecycle, alerts } = base;
  // Agenda keeps a timer of half this time per finished job, which a test process would wait for.
  const lockLifetimeMs = config.environment === 'test' ? TEST_LOCK_LIFETIME_MS : undefined;
  const jobs = await openJobs({
    databaseUrl,
    mongodbUrl: config.mongodbUrl,
    logger,
    alerts,
    ledger: operations && completionLedger(operations),
    ping: operations && (() => pingDatabase(operations)),
    lockLifetimeMs,
    around: traceJob,
    onSettled: observeJob,
  });
  watchQueue(() => jobs.status());
  lifecycle.onClose('Job queue', async () => {
    watchQueue(undefined);
    await jobs.close();
  });
  return jobs;
}

/** Opens the job queue alone, for the job console of a process without subgraphs. */
export async function openQueue(base: BaseServices): Promise<Jobs> {
  return openQueueAt(base, await databaseServerOf(base));
}

/** Opens the database and the job queue on top of the base services. */
export async function openServices(base: BaseServices): Promise<Services> {
  const { config, logger, lifecycle, secrets, http, alerts, internalSigner, publicUrl } = base;
  const databaseUrl = await databaseServerOf(base);
  const databases = new Map<string, DataSource>();
  const operations = await openOperationsDatabase({ databaseUrl, config, logger, lifecycle, alerts, databases });
  watchInstallation(rememberBriefly(() => readInstallationFigures(operations, base), FIGURES_MEMORY_MS));
  lifecycle.onClose('Metrics of the installation', () => watchInstallation(undefined));
  const jobs = await openQueueAt(base, databaseUrl, operations);
  await recordQueue(operations, { mongodbUrl: config.mongodbUrl, now: base.now() });
  // Only billing has the key of Stripe; the simulator always sells.
  const isSold = config.isProduction ? () => readIsSold(operations) : true;
  const entitlements = new Entitlements({ operations, now: base.now, isSold });
  await entitlements.refresh();
  return {
    ...base,
    databaseUrl,
    operations,
    entitlements,
    databases,
    rateLimits: openDurableRateLimits(operations, logger),
    jobs,
    graph: createGraphClient(() => config.gatewayUrl ?? `${publicUrl()}/graphql`, http, internalSigner),
    sealer: Sealer.whenUsed(secrets.tokenEncryptionKeys),
  };
}
