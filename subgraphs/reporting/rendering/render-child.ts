import { Socket } from 'node:net';
import { isDatabaseAway } from '#runtime/database/database-away.js';
import { Conflict } from '#runtime/errors.js';
import { ENDINGS, openTaskDataset, readTask } from './child-protocol.js';
import { fileFormatOf } from './renderers.js';

// Renders one file of a report: stdin is a socket that brings the task, as `child-protocol.ts` has it, and takes the file. This process
// ends when the other side is gone.

const socket = new Socket({ fd: 0, readable: true, writable: true, allowHalfOpen: true });

function exitCodeOf(error: unknown): number {
  if (error instanceof Conflict) return ENDINGS.deleted;
  return isDatabaseAway(error) ? ENDINGS.databaseAway : 1;
}

async function render(): Promise<void> {
  const task = await readTask(socket);
  // Nothing else is sent: an end before that of the file is the end of its reader.
  socket.once('end', () => socket.writableEnded || process.exit(1)).resume();
  const render = await fileFormatOf(task.format)?.load();
  if (!render) throw new Error(`There is no format ${task.format}.`);
  const { dataset, close } = await openTaskDataset(task);
  await render(dataset, task.presentation, socket);
  await close();
}

try {
  await render();
  // Libraries of charts may hold timers.
  process.exit(0);
} catch (error) {
  process.stderr.write(String((error as Error).stack ?? error), () => process.exit(exitCodeOf(error)));
}
