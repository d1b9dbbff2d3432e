import pg from 'pg';

/** A database server took a statement and said nothing more: its connection is of no use. */
export class DatabaseSilent extends Error {
  readonly code = 'ETIMEDOUT';

  constructor(limitMs: number) {
    super(`The database did not answer within ${limitMs} ms`);
    this.name = 'DatabaseSilent';
  }
}

type Query = (...given: unknown[]) => unknown;

/**
 * Returns a PostgreSQL client whose statements end within `limitMs`, also when the server is frozen and cannot keep to its own
 * `statement_timeout`. It then breaks the connection: with pg's `query_timeout` alone, a connection would go back into its pool
 * in the middle of a transaction. Time between statements does not count.
 */
export function boundedClient(limitMs: number): typeof pg.Client {
  class BoundedClient extends pg.Client {
    // pg has a signature for each way to ask; TypeORM uses the one that returns a promise.
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
