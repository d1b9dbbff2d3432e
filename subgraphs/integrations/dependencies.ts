import { limitAsync } from 'es-toolkit/promise';
import type { Keyv } from 'keyv';
import type { DataSource, EntityManager } from 'typeorm';
import { type LaggingReads, openLaggingReads } from '#runtime/database/read-replica.js';
import type { Services } from '#runtime/services.js';
import { openIntegrationsDatabase } from './database.js';
import type { Connection } from './entities/connection.js';
import { RememberedValues } from './loaders/remembered-values.js';
import { openProviders, type Providers } from './providers/index.js';
import type { Provider, Tokens } from './providers/provider.js';
import { Breaker } from './quota/breaker.js';
import { createGovernor } from './quota/governor.js';
import { ProviderLimitStore } from './quota/provider-limit-store.js';
import { openReferenceRates, type ReferenceRates } from './reference-rates/index.js';
import { AnswerCache } from './services/ask/answer-cache.js';
import { SingleFlight } from './services/ask/single-flight.js';

/** What it takes to call a provider for a connection. */
export interface Access {
  connection: Connection;
  provider: Provider;
  tokens: Tokens;
}

/** Opened once, shared by all operations and jobs. */
export interface Dependencies {
  services: Services;
  database: DataSource;
  /** For reads of figures, which may lag behind what was written. */
  laggingReads: LaggingReads;
  providers: Providers;
  referenceRates: ReferenceRates;
  limits: ProviderLimitStore;
  breaker: Breaker;
  answerCache: AnswerCache;
  remembered: RememberedValues;
  /** In this process. */
  inFlight: SingleFlight;
  /** Connection counts, cached per organization. */
  health: Keyv;
  /** In flight in this process, by connection id. */
  renewals: Map<string, Promise<Access>>;
  /** For transactions that wait for a provider: limited, as a hanging one must not take all database connections. */
  slowTransaction<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result>;
}

/** Opens database, providers and shared stores. */
export async function openDependencies(services: Services): Promise<Dependencies> {
  const { cache, config } = services;
  const store = cache.atomicStore('provider-limits');
  const { reserve, failuresToOpen } = config.quota;
  const limits = new ProviderLimitStore(store, reserve);
  const governor = createGovernor({ ...services, limits });
  const database = await openIntegrationsDatabase(services);
  const transaction = <Result>(work: (manager: EntityManager) => Promise<Result>) => database.transaction(work);
  return {
    services,
    database,
    laggingReads: openLaggingReads(services, 'integrations', database),
    limits,
    breaker: new Breaker({ ...services, store, failuresToOpen }),
    providers: openProviders({ ...services, governor }),
    referenceRates: openReferenceRates(services),
    answerCache: new AnswerCache(cache),
    remembered: new RememberedValues(),
    inFlight: new SingleFlight(),
    health: cache.namespace('connection-health'),
    renewals: new Map(),
    slowTransaction: limitAsync(transaction, Math.ceil(config.databasePoolSize / 2)),
  };
}
