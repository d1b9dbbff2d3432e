import type { DataSource } from 'typeorm';
import type { Account } from '#integrations/entities/account.js';
import type { CampaignRow } from '#integrations/providers/products.js';

/**
 * Remembers what the campaigns of an account are called: one that has ended is in no list of its provider any more once
 * the days asked for are over.
 */
export async function saveHistoryCampaigns(
  database: DataSource,
  { id, organizationId }: Account,
  campaigns: CampaignRow[],
): Promise<void> {
  const rows = [...new Map(campaigns.map((campaign) => [campaign.externalId, campaign])).values()];
  await database.query(
    `INSERT INTO integrations.history_campaign (account_id, organization_id, external_id, name, status, provider_status, objective)
     SELECT history.account_id, history.organization_id, told.*
     FROM integrations.account_history AS history,
       unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) AS told
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
