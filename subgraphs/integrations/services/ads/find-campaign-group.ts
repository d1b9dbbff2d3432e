import type { Context } from '#integrations/context.js';
import type { CampaignGroupModel, CampaignModel } from '#integrations/models.js';

/** Returns the group a campaign is in; null where the provider has none. Throws the provider's errors. */
export async function findCampaignGroup(
  { loadAnswer }: Context,
  { account, externalId }: CampaignModel,
): Promise<CampaignGroupModel | null> {
  const answer = await loadAnswer({ product: 'campaignGroups', account });
  return answer?.found.rows.find(({ campaignIds }) => campaignIds.includes(externalId)) ?? null;
}
