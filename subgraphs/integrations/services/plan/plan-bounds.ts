import type { Account } from '#integrations/entities/account.js';
import type { Connection } from '#integrations/entities/connection.js';
import { findSurplus, type Surplus } from '#runtime/entitlements/find-surplus.js';
import { type AppError, SubscriptionRequired } from '#runtime/errors.js';
import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';
import type { Services } from '#runtime/services.js';
import { listInUse, type OwnLimit } from './in-use.js';

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
    const list = async () => {
      const isOfAccounts = limit === 'ACCOUNTS';
      const last = isOfAccounts ? [...(await this.surplus(organizationId, 'CONNECTIONS')).ids] : [];
      return listInUse(this.#database, { organizationId, limit, lastConnections: last });
    };
    const surplus = findSurplus(this.#services, { organizationId, limit, list });
    this.#read.set(key, { at: now, surplus });
    return surplus;
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
    const ofConnection = await this.refusalOfConnection({ id: connectionId, organizationId });
    if (ofConnection) return ofConnection;
    const { ids, refusal } = await this.surplus(organizationId, 'ACCOUNTS');
    return ids.has(id) ? refusal() : null;
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
