import { join } from 'node:path';
import type { Config } from '#runtime/config/config.js';
import { checkPort } from '#runtime/http/listen.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';

const HOST = '127.0.0.1';

/** Returns the URL of the provider simulator: the configured one, or one started here. None in production. */
export async function openSimulator(config: Config, lifecycle: Lifecycle): Promise<string | undefined> {
  if (config.isProduction) return undefined;
  if (config.simulatorUrl) return config.simulatorUrl;
  await checkPort(HOST, config.simulatorPort, 'SIMULATOR_PORT');
  const { startSimulator } = await import('#simulator/index.js');
  const simulator = await startSimulator({
    host: HOST,
    port: config.simulatorPort,
    stateFile: join(config.dataDir, 'simulator.json'),
  });
  lifecycle.onClose('Simulator', () => simulator.close());
  return simulator.url;
}
