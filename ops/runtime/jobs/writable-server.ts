import { TimeoutError } from 'es-toolkit/error';
import { withTimeout } from 'es-toolkit/promise';
import { type MongoClient, ServerType, type TopologyDescription } from 'mongodb';
import { ServiceUnavailable } from '#runtime/errors.js';
import { isUnavailable } from './postpone.js';

const WRITABLE: ReadonlySet<string> = new Set([
  ServerType.Standalone,
  ServerType.RSPrimary,
  ServerType.Mongos,
  ServerType.LoadBalancer,
]);

/** A write to a server that hangs is waited for no longer. */
const WRITE_TIMEOUT_MS = 1_000;
/** Of that, for another one before the server is known to react again. */
const DOUBTFUL_PART = 0.1;

const hasWritable = ({ servers }: TopologyDescription) => [...servers.values()].some(({ type }) => WRITABLE.has(type));

/**
 * Knows from the driver's monitoring whether MongoDB takes writes: a request must not wait the ten seconds in which the driver looks for a
 * server, for a job whose cause is stored.
 */
export class WritableServer {
  readonly #timeoutMs: number;
  #isAway = false;
  #isDoubtful = false;

  constructor(client: MongoClient, timeoutMs = WRITE_TIMEOUT_MS) {
    this.#timeoutMs = timeoutMs;
    let isWritable = false;
    client.on('topologyDescriptionChanged', ({ previousDescription, newDescription }) => {
      isWritable = hasWritable(newDescription);
      // Before the first answer of a server nothing is known.
      if (isWritable || hasWritable(previousDescription)) this.#isAway = !isWritable;
    });
    // Of any server of several.
    client.on('serverHeartbeatFailed', () => {
      this.#isAway ||= !isWritable;
    });
    client.on('serverHeartbeatSucceeded', () => {
      if (!isWritable) return;
      this.#isAway = false;
      this.#isDoubtful = false;
    });
  }

  /**
   * Writes, unless no server is known to take it. Throws ServiceUnavailable at once then, and after the time-out without an answer, though the
   * write may still be done.
   */
  async write<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isAway) throw new ServiceUnavailable();
    const writing = work();
    try {
      return await withTimeout(() => writing, this.#timeoutMs * (this.#isDoubtful ? DOUBTFUL_PART : 1));
    } catch (cause) {
      const isLate = cause instanceof TimeoutError;
      if (!isLate && !isUnavailable(cause)) throw cause;
      // What comes of it later is nobody's failure.
      writing.catch(() => {});
      // Until the next answer to the driver's monitoring.
      this.#isDoubtful ||= isLate;
      throw new ServiceUnavailable({ cause });
    }
  }
}
