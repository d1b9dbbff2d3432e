import { parentPort, workerData } from 'node:worker_threads';
import { Acceptor } from './acceptor.js';
import { isBeating } from './heartbeat.js';
import type { AcceptorOrder, AcceptorReport } from './listen-apart.js';

// The thread of an acceptor. Ends by itself once it was told to close and the last connection is gone.

const { cell, ...order } = workerData as AcceptorOrder;
const tell = (report: AcceptorReport) => parentPort?.postMessage(report);

const acceptor = new Acceptor({ ...order, isBehindAlive: () => isBeating(cell) });
parentPort?.once('message', async () => {
  await acceptor.close();
  tell({ isClosed: true });
});
try {
  tell({ port: await acceptor.listen() });
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  tell({ failure: { code, message } });
}
