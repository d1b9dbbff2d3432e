import { join } from 'node:path';
import type { Config } from '#runtime/config/config.js';
import { loopbackAddress } from '#runtime/http/addresses.js';
import { checkPort } from '#runtime/http/listen.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';

/** Returns the URL of the provider simulator: the configured one, or one started here. None in production. */
export async function openSimulator(config: Config, lifecycle: Lifecycle): Promise<string | undefined> {
  if (config.isProduction) return undefined;
  if (config.simulatorUrl) return config.simulatorUrl;
  const host = loopbackAddress();
  await checkPort(host, config.simulatorPort, 'SIMULATOR_PORT');
  const { startSimulator } = await import('#simulator/index.js');
  const simulator = await startSimulator({
    host,
    port: config.simulatorPort,
    stateFile: join(config.dataDir, 'simulator.json'),
  });
  lifecycle.onClose('Simulator', () => simulator.close());
  return simulator.url;
}
