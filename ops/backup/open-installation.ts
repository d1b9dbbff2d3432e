import { type Config, loadConfig } from '#runtime/config/config.js';
import { openEmbeddedPostgres } from '#runtime/database/embedded-postgres.js';
import { createLogger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { type BaseServices, openBaseServices } from '#runtime/services.js';

/** In production. What else a program uses, it asks for itself. */
const NEEDED = ['DATABASE_URL'];

/** Runs an operator program with the base services and closes them. */
export async function withInstallation(work: (base: BaseServices) => Promise<void>): Promise<void> {
  const config = loadConfig({}, undefined, NEEDED);
  const logger = createLogger({ level: config.logLevel });
  const lifecycle = new Lifecycle(logger);
  await lifecycle.run(async () => {
    await work(openBaseServices({ config, logger, lifecycle }));
    await lifecycle.close();
  });
}

/** Returns the database's address, starting the embedded one if necessary. */
export async function openDatabaseUrl(config: Config, lifecycle: Lifecycle): Promise<string> {
  if (config.databaseUrl) return config.databaseUrl;
  return openEmbeddedPostgres(config.dataDir, lifecycle);
}
