import { exitOnStopSignal } from '#runtime/process/stop-signals.js';

// `npm run worker [-- billing reporting] [--port 4005] [--host 0.0.0.0]`: the jobs of all subgraphs, or of those named. With
// a port it answers `/health`, `/ready` and `/metrics`.

// Before the modules are loaded, which takes most of a start.
exitOnStopSignal();
const { runWorker } = await import('./process/run-worker.js');
await runWorker();
