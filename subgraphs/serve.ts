import { exitOnStopSignal } from '#runtime/process/stop-signals.js';

// `npm run serve -- billing [--port 4004] [--host 0.0.0.0] [--no-jobs]`: one subgraph on its own port, and its jobs.

// Before the modules are loaded, which takes most of a start.
exitOnStopSignal();
const { serveSubgraph } = await import('./process/serve-subgraph.js');
await serveSubgraph();
