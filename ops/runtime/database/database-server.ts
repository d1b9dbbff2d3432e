import type { Config } from '#runtime/config/config.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';
import { openEmbeddedPostgres } from './embedded-postgres.js';

/** Returns the URL of the configured PostgreSQL, or of an embedded one that runs until the lifecycle closes. */
export async function openDatabaseServer({
  config,
  lifecycle,
}: {
  config: Config;
  lifecycle: Lifecycle;
}): Promise<string> {
  if (config.databaseUrl) return config.databaseUrl;
  // A test run needs no durability.
  const flags = config.environment === 'test' ? ['-c fsync=off', '-c synchronous_commit=off'] : [];
  return openEmbeddedPostgres(config.dataDir, lifecycle, flags);
}
