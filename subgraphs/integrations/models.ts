// What resolvers hand over for a GraphQL type where it differs from the type's own fields (read by `npm run schema`).

import type { Account } from './entities/account.js';
import type { Client } from './entities/client.js';
import type { Connection } from './entities/connection.js';
import type { CampaignRow } from './providers/products.js';

export type ConnectionModel = Connection;
export type AccountModel = Account;
export type ClientModel = Client;
export type OrganizationModel = { id: string };
/** A campaign with the account it belongs to, which gives its id and the currency of its money. */
export type CampaignModel = CampaignRow & { account: Account };
export type CampaignMetricsModel = CampaignRow['metrics'] & { currency: string };
export type FreshnessModel = { fetchedAt: Date; isStale: boolean; ageSeconds: number };
