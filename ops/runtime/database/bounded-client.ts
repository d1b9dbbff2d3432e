import pg from 'pg';

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
 * of a transaction. Time between statements does not count.
 */
export function boundedClient(limitMs: number): typeof pg.Client {
  class BoundedClient extends pg.Client {
    // TypeORM uses the signature that returns a promise.
    override query = ((...given: unknown[]) => {
      const answer = (super.query as Query).apply(this, given);
      if (!(answer instanceof Promise)) return answer;
      const giveUp = () => this.connection.stream.destroy(new DatabaseSilent(limitMs));
      const timer = setTimeout(giveUp, limitMs);
      return answer.finally(() => clearTimeout(timer));
    }) as pg.Client['query'];
  }
  return BoundedClient;
}
