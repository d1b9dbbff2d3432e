import type { DataSource } from 'typeorm';
import type { Identity } from '#runtime/identity/identity.js';

/**
 * What of the organization the caller sees: everything, or the clients a member is limited to with their accounts. A
 * client that is gone opens nothing.
 */
export interface Visible {
  /** null = all clients. */
  clientIds: readonly string[] | null;
  /** Returns the ids of the accounts; null = all of them. */
  accountIds(): Promise<ReadonlySet<string> | null>;
  /** Returns those of `things` that the caller sees, by the account they belong to. */
  pick<Thing>(things: Thing[], accountIdOf: (thing: Thing) => string): Promise<Thing[]>;
}

const ACCOUNTS = `
  SELECT DISTINCT account_id AS id FROM integrations.client_account
  WHERE organization_id = $1 AND client_id = ANY($2::uuid[])`;

/** Returns what the caller sees; accounts are read once. */
export function visibleTo(database: DataSource, { organizationId, clientIds }: Identity): Visible {
  let reading: Promise<ReadonlySet<string>> | undefined;
  const read = async () => {
    const rows = await database.query<{ id: string }[]>(ACCOUNTS, [organizationId, clientIds]);
    return new Set(rows.map(({ id }) => id));
  };
  const accountIds = async () => {
    if (!clientIds) return null;
    reading ??= read();
    return reading;
  };
  return {
    clientIds: clientIds ?? null,
    accountIds,
    pick: async (things, accountIdOf) => {
      const ids = await accountIds();
      return ids ? things.filter((thing) => ids.has(accountIdOf(thing))) : things;
    },
  };
}
