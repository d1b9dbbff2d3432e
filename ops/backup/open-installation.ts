import { type Config, loadConfig } from '#runtime/config/config.js';
import { startEmbeddedPostgres } from '#runtime/database/embedded-postgres.js';
import { createLogger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { type BaseServices, openBaseServices } from '#runtime/services.js';

/** Opens what a program that an operator typed works with, runs it and closes everything; the status is then the program's. */
export async function withInstallation(work: (base: BaseServices) => Promise<void>): Promise<void> {
  const config = loadConfig();
  const logger = createLogger({ level: config.logLevel });
  const lifecycle = new Lifecycle(logger);
  await lifecycle.run(async () => {
    await work(openBaseServices({ config, logger, lifecycle }));
    await lifecycle.close();
  });
}

/** Returns the address of the installation's database; the embedded one is started when it is not running. Nothing is migrated. */
export async function openDatabaseUrl(config: Config, lifecycle: Lifecycle): Promise<string> {
  if (config.databaseUrl) return config.databaseUrl;
  const server = await startEmbeddedPostgres(config.dataDir);
  lifecycle.onClose('Embedded PostgreSQL', server.stop);
  return server.url;
}
