import { parentPort, workerData } from 'node:worker_threads';
import { startSimulator } from '#simulator/index.js';

/** What the thread reports: where it listens, then that it closed. */
export type SimulatorReport = { url: string } | 'closed';

// The provider simulator in a thread of its own, until any message arrives.
const simulator = await startSimulator(workerData);
parentPort?.once('message', async () => {
  await simulator.close();
  parentPort?.postMessage('closed' satisfies SimulatorReport);
});
parentPort?.postMessage({ url: simulator.url } satisfies SimulatorReport);
