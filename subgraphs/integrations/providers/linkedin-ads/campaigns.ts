import { z } from 'zod';
import type { CampaignRow } from '#integrations/providers/products.js';
import { readAnswer } from '#integrations/providers/wire.js';
import type { LinkedInApi } from './api.js';
import { NAME } from './errors.js';
import { numericId } from './numeric-id.js';
import { listOf } from './restli.js';

const statuses: Record<string, CampaignRow['status']> = {
  ACTIVE: 'ACTIVE',
  PAUSED: 'PAUSED',
  DRAFT: 'PAUSED',
  ARCHIVED: 'ENDED',
  COMPLETED: 'ENDED',
  CANCELED: 'ENDED',
  PENDING_DELETION: 'ENDED',
  REMOVED: 'ENDED',
};

const campaign = z.object({
  id: numericId,
  name: z.string(),
  status: z.string().refine((status) => status in statuses),
  objectiveType: z.string().optional(),
});

/** A campaign without its figures. */
export type BareCampaign = Omit<CampaignRow, 'metrics'>;

/** Returns the campaigns of an account. https://learn.microsoft.com/linkedin/marketing/integrations/ads/account-structure/create-and-manage-campaigns */
export async function listCampaigns(api: LinkedInApi, accessToken: string, accountId: string): Promise<BareCampaign[]> {
  const query = `q=search&search=(status:(values:${listOf(Object.keys(statuses))}))&sortOrder=ASCENDING`;
  const found = await api.search(accessToken, `/adAccounts/${accountId}/adCampaigns`, query);
  return found.map((element) => {
    const { id, name, status, objectiveType } = readAnswer(NAME, campaign, element);
    return {
      externalId: id,
      name,
      status: statuses[status] as CampaignRow['status'],
      providerStatus: status,
      objective: objectiveType ?? null,
    };
  });
}
