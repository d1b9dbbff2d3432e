import { Socket } from 'node:net';
import { decodeTask } from './child-protocol.js';
import { fileFormatOf } from './renderers.js';

// Renders one file of a report: stdin is a socket that brings the task, as `child-protocol.ts` has it, and takes the file. This process
// has no credentials, and ends when the other side is gone.

// The other side ends first.
const socket = new Socket({ fd: 0, readable: true, writable: true, allowHalfOpen: true });
const { format, presentation, dataset, finish } = await decodeTask(socket);
const render = await fileFormatOf(format)?.load();
if (!render) throw new Error(`There is no format ${format}.`);
await render(dataset, presentation, socket);
// Input that is left when a process ends breaks its socket, also for what is on the way to the other side.
await finish();
// Libraries of charts may hold timers.
process.exit(0);
