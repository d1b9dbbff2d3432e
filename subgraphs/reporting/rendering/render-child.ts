import { Socket } from 'node:net';
import { decodeTask } from './child-protocol.js';
import { fileFormatOf } from './renderers.js';

// Renders one file of a report: from stdin, as `child-protocol.ts` has it, to stdout. It has no credentials, and ends with its parent.

const { format, presentation, dataset } = await decodeTask(process.stdin);
const render = await fileFormatOf(format)?.load();
if (!render) throw new Error(`There is no format ${format}.`);
// process.stdout cannot be ended, and a stream of `fs` fails when the other side reads slowly.
await render(dataset, presentation, new Socket({ fd: 1, readable: false, writable: true }));
// Libraries of charts may hold timers.
process.exit(0);
