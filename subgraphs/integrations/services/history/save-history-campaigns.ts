import { uniqBy } from 'es-toolkit/array';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { CampaignRow } from '#integrations/providers/products.js';

/**
 * Stores the names of an account's campaigns: the provider no longer lists an ended one in ranges after its end.
 */
export async function saveHistoryCampaigns(
  { database }: Context,
  { account: { id, organizationId }, campaigns }: { account: Account; campaigns: CampaignRow[] },
): Promise<void> {
  const rows = uniqBy(campaigns, ({ externalId }) => externalId);
  await database.query(
    `INSERT INTO integrations.history_campaign (account_id, organization_id, external_id, name, status, provider_status, objective)
     SELECT history.account_id, history.organization_id, listed.*
     FROM integrations.account_history AS history,
       unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) AS listed
     WHERE history.account_id = $1 AND history.organization_id = $2
     ON CONFLICT (account_id, external_id) DO UPDATE SET name = excluded.name, status = excluded.status,
       provider_status = excluded.provider_status, objective = excluded.objective`,
    [
      id,
      organizationId,
      rows.map(({ externalId }) => externalId),
      rows.map(({ name }) => name),
      rows.map(({ status }) => status),
      rows.map(({ providerStatus }) => providerStatus),
      rows.map(({ objective }) => objective),
    ],
  );
}
