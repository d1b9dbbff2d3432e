import pg from 'pg';
import { isUnprepared, preparedName } from './prepared-statements.js';

/** The database server took a statement and did not answer: the connection is unusable. */
export class DatabaseSilent extends Error {
  readonly code = 'ETIMEDOUT';

  constructor(limitMs: number) {
    super(`The database did not answer within ${limitMs} ms`);
    this.name = 'DatabaseSilent';
  }
}

type Query = (...given: unknown[]) => unknown;

/**
 * Returns a PostgreSQL client whose statements end within `limitMs`, also when the server is frozen and cannot enforce its
 * own `statement_timeout`. It then breaks the connection: pg's `query_timeout` would return it to its pool in the middle
 * of a transaction. Time between statements does not count. Sends by name what is to be prepared (`prepared`), as long as that works.
 */
export function boundedClient(limitMs: number): typeof pg.Client {
  class BoundedClient extends pg.Client {
    #prepares = true;

    async #sendPrepared(name: string, text: string, values: unknown): Promise<unknown> {
      try {
        return await (super.query as Query).call(this, { name, text, values });
      } catch (error) {
        if (!isUnprepared(error)) throw error;
        this.#prepares = false;
        // Within a transaction, which has failed, it is this error that counts.
        return await (super.query as unknown as (text: string, values: unknown) => Promise<unknown>)
          .call(this, text, values)
          .catch(() => {
            throw error;
          });
      }
    }

    #send(given: unknown[]): unknown {
      const [text, values] = given;
      const name = this.#prepares ? preparedName(text) : undefined;
      if (name) return this.#sendPrepared(name, text as string, values);
      return (super.query as Query).apply(this, given);
    }

    #sendBounded(given: unknown[]): unknown {
      const answer = this.#send(given);
      if (!(answer instanceof Promise)) return answer;
      const giveUp = () => this.connection.stream.destroy(new DatabaseSilent(limitMs));
      const timer = setTimeout(giveUp, limitMs);
      return answer.finally(() => clearTimeout(timer));
    }

    // TypeORM uses the signature that returns a promise, pools the one with a callback.
    override query = ((...given: unknown[]) => {
      const callback = given.at(-1);
      if (typeof callback !== 'function') return this.#sendBounded(given);
      const answer = this.#sendBounded(given.slice(0, -1)) as Promise<unknown>;
      answer.then(
        (result) => callback(undefined, result),
        (error) => callback(error),
      );
      return undefined;
    }) as pg.Client['query'];
  }
  return BoundedClient;
}
