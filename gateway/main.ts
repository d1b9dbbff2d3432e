import { exitOnStopSignal } from '#runtime/process/stop-signals.js';

// `npm start`: the gateway, in one process or several, and every subgraph without a URL.

// Before the modules are loaded, which takes most of a start.
exitOnStopSignal();
const { start } = await import('./start.js');
await start();
