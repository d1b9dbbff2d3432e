import type { Worker } from 'node:cluster';
import type { Logger } from '#runtime/log/logger.js';
import type { PrimaryMessage, WorkerMessage } from './worker-messages.js';

const EVERY_MS = 1_000;
/** As long as HEALTH_PORT answers for a process that does not react. */
const MISSED_AT_MOST = 10;

const PING: PrimaryMessage = { type: 'webmetrics:ping' };

/**
 * Asks a gateway process once a second whether it reacts, from when it is ready, and kills it after ten questions in a row without an
 * answer: it is then replaced as one that ended. Questions are counted and not seconds, as the machine may have slept.
 */
export function endHungProcess(worker: Worker, logger: Logger, everyMs = EVERY_MS): void {
  let missed = 0;
  let timer: NodeJS.Timeout | undefined;
  const ask = () => {
    if (missed >= MISSED_AT_MOST) {
      clearInterval(timer);
      logger.error({ pid: worker.process.pid, missed }, 'A gateway process does not react: it is killed');
      worker.process.kill('SIGKILL');
      return;
    }
    missed += 1;
    if (worker.isConnected()) worker.send(PING, () => {});
  };
  worker.on('message', ({ type }: WorkerMessage) => {
    missed = 0;
    if (type === 'webmetrics:ready') timer = setInterval(ask, everyMs).unref();
  });
  worker.once('exit', () => clearInterval(timer));
}
