import { Gauge } from 'prom-client';
import type { DataSource } from 'typeorm';
import { registry } from './registry.js';

export interface WatchablePool {
  totalCount: number;
  idleCount: number;
  waitingCount: number;
}

const pools = new Map<string, WatchablePool>();

/** Shows a pool in the metrics, under the name of its PostgreSQL schema. */
export function watchPool(schema: string, pool: WatchablePool): void {
  pools.set(schema, pool);
}

/** Returns the pool of a data source; undefined before it has connected. */
export function poolOf({ driver }: DataSource): WatchablePool | undefined {
  return (driver as unknown as { master?: WatchablePool }).master;
}

/** Shows the pool of a schema's data source in the metrics. */
export function watchDataSource(schema: string, database: DataSource): void {
  const pool = poolOf(database);
  if (pool) watchPool(schema, pool);
}

new Gauge({
  name: 'webmetrics_postgres_pool_connections',
  help: 'Connections to PostgreSQL, by schema: in use (busy) or not (idle).',
  labelNames: ['schema', 'state'],
  registers: [registry],
  collect() {
    for (const [schema, { totalCount, idleCount }] of pools) {
      this.set({ schema, state: 'busy' }, totalCount - idleCount);
      this.set({ schema, state: 'idle' }, idleCount);
    }
  },
});

new Gauge({
  name: 'webmetrics_postgres_pool_waiting',
  help: 'Callers that wait for a connection to PostgreSQL, by schema.',
  labelNames: ['schema'],
  registers: [registry],
  collect() {
    for (const [schema, { waitingCount }] of pools) this.set({ schema }, waitingCount);
  },
});
