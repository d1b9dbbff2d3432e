import { createWriteStream } from 'node:fs';
import { decodeTask } from './child-protocol.js';
import { fileFormatOf } from './renderers.js';

// Renders one file of a report: from stdin, as `child-protocol.ts` has it, to stdout. It has no credentials, and ends with its parent.

const { format, presentation, dataset } = await decodeTask(process.stdin);
const render = await fileFormatOf(format)?.load();
if (!render) throw new Error(`There is no format ${format}.`);
// process.stdout cannot be ended, and its writes block.
await render(dataset, presentation, createWriteStream('', { fd: 1 }));
// Libraries of charts may hold timers.
process.exit(0);
