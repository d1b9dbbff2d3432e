import { freePort, newFolder, type StartedProcess, startProcess } from './start-process.js';

export interface StartedDemo {
  gateway: StartedProcess;
  url: string;
}

/** Starts WebMetrics with its demo as `npm start` does, in a data folder and on ports of its own. Resolves once it is ready. */
export async function startDemo(): Promise<StartedDemo> {
  const [port, simulatorPort] = [await freePort(), await freePort()];
  const gateway = await startProcess('gateway/main.js', [], {
    cwd: newFolder(),
    environment: { PORT: String(port), SIMULATOR_PORT: String(simulatorPort) },
    readyWhen: /is ready/,
  });
  return { gateway, url: `http://localhost:${port}` };
}
