import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type Environment, parseConfig } from '#runtime/config/config.js';
import { createLogger, type Logger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import {
  type BaseServices,
  type BaseServicesOptions,
  openBaseServices,
  openServices,
  type Services,
} from '#runtime/services.js';

/** A service global-setup.js started, or undefined when this machine has none. */
export function testService(name: 'POSTGRES' | 'REDIS' | 'MONGODB'): string | undefined {
  // biome-ignore lint/style/noProcessEnv: how Jest hands values from its global setup to the tests
  return process.env[`TEST_${name}_URL`];
}

/** Returns the URL of a new, empty database that lives as long as the test run. */
export async function newDatabase(): Promise<string> {
  const server = testService('POSTGRES');
  if (!server) throw new Error('Run the tests with `npm test`: it starts PostgreSQL.');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(server);
  url.pathname = name;
  return url.href;
}

export interface TestServicesOptions extends Partial<Omit<BaseServicesOptions, 'config' | 'lifecycle'>> {
  /** Settings on top of the test defaults. */
  environment?: Environment;
  logger?: Logger;
}

/** Opens base services over a database and a data folder of its own. Close it with `lifecycle.close()`. */
export async function openTestBaseServices({
  environment,
  logger,
  ...options
}: TestServicesOptions = {}): Promise<BaseServices> {
  const dataDir = mkdtempSync(join(tmpdir(), 'webmetrics-test-'));
  const config = parseConfig({
    NODE_ENV: 'test',
    PORT: '0',
    DATA_DIR: dataDir,
    DATABASE_URL: environment?.DATABASE_URL ?? (await newDatabase()),
    DATABASE_POOL_SIZE: '4',
    ...environment,
  });
  const quiet = logger ?? createLogger({ level: 'silent', isPretty: false });
  const lifecycle = new Lifecycle(quiet);
  lifecycle.onClose('Data folder', () => rmSync(dataDir, { recursive: true, force: true }));
  return openBaseServices({ ...options, config, logger: quiet, lifecycle });
}

/** Opens the services for one subgraph's integration test. Close it with `lifecycle.close()`. */
export async function openTestServices(options?: TestServicesOptions): Promise<Services> {
  return openServices(await openTestBaseServices(options));
}
