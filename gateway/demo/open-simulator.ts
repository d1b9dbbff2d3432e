import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Config } from '#runtime/config/config.js';
import { loopbackAddress } from '#runtime/http/addresses.js';
import { checkPort } from '#runtime/http/listen.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';
import { projectRoot } from '#runtime/process/project-root.js';
import type { SimulatorReport } from './simulator-thread.js';

// The build, also where the main thread runs the sources, as in tests.
const THREAD = join(projectRoot, 'dist/gateway/demo/simulator-thread.js');

/**
 * Returns the URL of the provider simulator: the configured one, or one started here, in a thread of its own so that its loading
 * and its answers do not hold up the gateway. None in production.
 */
export async function openSimulator(config: Config, lifecycle: Lifecycle): Promise<string | undefined> {
  if (config.isProduction) return undefined;
  if (config.simulatorUrl) return config.simulatorUrl;
  const host = loopbackAddress();
  await checkPort(host, config.simulatorPort, 'SIMULATOR_PORT');
  const workerData = { host, port: config.simulatorPort, stateFile: join(config.dataDir, 'simulator.json') };
  const thread = new Worker(THREAD, { workerData, name: 'simulator' });
  const started = once(thread, 'message') as Promise<[SimulatorReport]>;
  lifecycle.onClose('Simulator', async () => {
    if (
      await started.then(
        () => true,
        () => false,
      )
    ) {
      thread.postMessage('close');
      await Promise.race([once(thread, 'message'), once(thread, 'exit')]);
    }
    await thread.terminate();
  });
  const [report] = await started;
  if (report === 'closed') throw new Error('The simulator closed before it listened');
  return report.url;
}
