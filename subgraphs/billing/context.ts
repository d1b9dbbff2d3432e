import type DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import type { Subscription } from './entities/subscription.js';
import { standingBySubscription, subscriptionById } from './loaders.js';
import type { DerivedStanding } from './standing/derive-standing.js';

/** What one GraphQL operation works with. */
export interface Context {
  identity: Identity;
  services: Services;
  database: DataSource;
  subscriptionById: DataLoader<string, Subscription | null>;
  standingBySubscription: DataLoader<Subscription, DerivedStanding>;
}

/** Returns the context of one GraphQL operation of this identity. */
export function createContext(services: Services, database: DataSource, identity: Identity): Context {
  return {
    identity,
    services,
    database,
    subscriptionById: subscriptionById(database, identity.organizationId),
    standingBySubscription: standingBySubscription(database, services),
  };
}
