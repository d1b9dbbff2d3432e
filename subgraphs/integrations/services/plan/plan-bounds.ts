import { partition } from 'es-toolkit/array';
import { once } from 'es-toolkit/function';
import type { Account } from '#integrations/entities/account.js';
import type { Connection } from '#integrations/entities/connection.js';
import { findSurplus, type Surplus } from '#runtime/entitlements/find-surplus.js';
import { type AppError, SubscriptionRequired } from '#runtime/errors.js';
import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';
import type { Services } from '#runtime/services.js';
import { listConnectionsAndAccounts, listInUse, type OwnLimit } from './in-use.js';

/** A job may run for hours, and an upgrade takes effect within a minute. */
const KEPT_MS = 5_000;

interface Read {
  at: number;
  surplus: Promise<Surplus>;
}

type OwnRow = Pick<Connection, 'id' | 'organizationId'>;

/** What of an organization is more than its plan allows, read once per operation. */
export class PlanBounds {
  readonly #database: SqlDatabase;
  readonly #services: Services;
  readonly #read = new Map<string, Read>();

  constructor({ database, services }: { database: SqlDatabase; services: Services }) {
    this.#database = database;
    this.#services = services;
  }

  /** Returns the connections, accounts or clients that are more than the plan allows: they can only be read. */
  surplus(organizationId: string, limit: OwnLimit): Promise<Surplus> {
    const key = `${limit} ${organizationId}`;
    const now = performance.now();
    const known = this.#read.get(key);
    if (known && now - known.at < KEPT_MS) return known.surplus;
    const list = () => listInUse(this.#database, { organizationId, limit });
    const surplus =
      limit === 'ACCOUNTS'
        ? this.#surplusAccounts(organizationId)
        : findSurplus(this.#services, { organizationId, limit, list });
    this.#read.set(key, { at: now, surplus });
    return surplus;
  }

  /** Reads the connections, too: accounts of those that are too many come after all others. */
  async #surplusAccounts(organizationId: string): Promise<Surplus> {
    const inUse = once(() => listConnectionsAndAccounts(this.#database, { organizationId }));
    const ofConnections = findSurplus(this.#services, {
      organizationId,
      limit: 'CONNECTIONS',
      list: async () => (await inUse()).connections,
    });
    this.#read.set(`CONNECTIONS ${organizationId}`, { at: performance.now(), surplus: ofConnections });
    const { ids: tooMany } = await ofConnections;
    const list = async () => {
      const [last, first] = partition((await inUse()).accounts, ({ connectionId }) => tooMany.has(connectionId));
      return [...first, ...last].map(({ id }) => id);
    };
    return findSurplus(this.#services, { organizationId, limit: 'ACCOUNTS', list });
  }

  /** Returns why nothing new is asked with a connection; null = it is asked. */
  async refusalOfConnection({ id, organizationId }: OwnRow): Promise<AppError | null> {
    const { access } = await this.#services.entitlements.of(organizationId);
    if (access === 'READ_ONLY') return new SubscriptionRequired();
    const { ids, refusal } = await this.surplus(organizationId, 'CONNECTIONS');
    return ids.has(id) ? refusal() : null;
  }

  /** Returns why nothing new is asked about an account; null = it is asked. */
  async refusalOfAccount({
    id,
    connectionId,
    organizationId,
  }: Pick<Account, 'id' | 'connectionId' | 'organizationId'>): Promise<AppError | null> {
    if (await this.isReadOnly(organizationId)) return new SubscriptionRequired();
    // First, as it reads the connections, too.
    const { ids, refusal } = await this.surplus(organizationId, 'ACCOUNTS');
    const ofConnection = await this.refusalOfConnection({ id: connectionId, organizationId });
    return ofConnection ?? (ids.has(id) ? refusal() : null);
  }

  /** Throws LimitReached for a client that is more than the plan allows. */
  async requireClientInUse({ id, organizationId }: OwnRow): Promise<void> {
    const { ids, refusal } = await this.surplus(organizationId, 'CLIENTS');
    if (ids.has(id)) throw refusal();
  }

  /** Whether nothing at all is asked for an organization. */
  async isReadOnly(organizationId: string): Promise<boolean> {
    return (await this.#services.entitlements.of(organizationId)).access === 'READ_ONLY';
  }
}
