import type { Keyv } from 'keyv';
import type { DataSource } from 'typeorm';
import { Turns } from '#runtime/process/turns.js';
import type { Services } from '#runtime/services.js';
import { openIntegrationsDatabase } from './database.js';
import type { Connection } from './entities/connection.js';
import { openProviders, type Providers } from './providers/index.js';
import type { Provider, Tokens } from './providers/provider.js';
import { Breaker } from './quota/breaker.js';
import { createGovernor } from './quota/governor.js';
import { LimitBook } from './quota/limit-book.js';
import { ANSWERS, type Underway } from './services/ask/remember-answers.js';

/** What it takes to ask a provider on behalf of a connection. */
export interface Access {
  connection: Connection;
  provider: Provider;
  tokens: Tokens;
}

/** What services work with: opened once, shared by all operations and jobs. */
export interface Equipment {
  services: Services;
  database: DataSource;
  providers: Providers;
  /** What is known of the limits of providers, and what was used of them. */
  limitBook: LimitBook;
  /** Which accounts are left alone because they fail. */
  breaker: Breaker;
  /** Consents that were asked for and not answered yet, by `state`. */
  pendingConsents: Keyv;
  /** What providers answered, remembered for a while. */
  answers: Keyv;
  answersUnderway: Underway;
  /** How the connections of organizations are doing, remembered for a while. */
  health: Keyv;
  /** Renewals of tokens that are on their way in this process, by connection. */
  renewals: Map<string, Promise<Access>>;
  /**
   * Who may renew tokens now. A renewal holds a database connection while the provider answers: a provider that hangs
   * must not take them all.
   */
  renewalTurns: Turns;
}

export async function openEquipment(services: Services): Promise<Equipment> {
  const store = services.cache.atomicStore('provider-quota');
  const { reserve, failuresToOpen } = services.config.quota;
  const limitBook = new LimitBook(store, reserve);
  const governor = createGovernor({ ...services, book: limitBook });
  return {
    services,
    limitBook,
    breaker: new Breaker({ ...services, store, failuresToOpen }),
    providers: openProviders({ ...services, governor }),
    database: await openIntegrationsDatabase(services),
    pendingConsents: services.cache.namespace('oauth-state'),
    answers: services.cache.namespace(ANSWERS),
    answersUnderway: new Map(),
    health: services.cache.namespace('connection-health'),
    renewals: new Map(),
    renewalTurns: new Turns(Math.ceil(services.config.databasePoolSize / 2)),
  };
}
