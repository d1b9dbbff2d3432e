import { addDays, dayIn } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import { existing } from '#integrations/loaders/own-row-by-id.js';
import type { CampaignModel } from '#integrations/models.js';
import { AppError, NotFound } from '#runtime/errors.js';
import { parseCampaignId } from './campaign-id.js';

/** As dashboards usually ask, so that the answer is mostly cached; then as far back as a range may begin. */
const DAYS = [30, 366];

async function findListed(
  { campaignFigures, services }: Context,
  { account, externalId, days }: { account: Account; externalId: string; days: number },
): Promise<CampaignModel | null> {
  const end = dayIn(account.timeZone, services.now());
  const found = await campaignFigures.campaigns.load({ account, range: { start: addDays(end, 1 - days), end } });
  const row = found?.index.find(externalId);
  if (!row) return null;
  const { metrics: _, ...campaign } = row;
  return { ...campaign, account };
}

async function findCopied(
  { history }: Context,
  { account, externalId }: { account: Account; externalId: string },
): Promise<CampaignModel | null> {
  const known = (await history.campaigns.load(account.id)).get(externalId);
  return known ? { ...known, account } : null;
}

/**
 * Returns a campaign by its opaque id: as its provider lists it, else as last listed. Throws NotFound, alike for campaigns of
 * other organizations, and the provider's errors where none is known.
 */
export async function getCampaign(context: Context, { id }: { id: string }): Promise<CampaignModel> {
  const key = parseCampaignId(id);
  const account = key && (await context.accountById.load(key.accountId));
  if (!key || !account) throw new NotFound('campaign');
  const { externalId } = key;
  const [recent, oldest] = DAYS as [number, number];
  const copied = await findCopied(context, { account, externalId });
  try {
    const listed = await findListed(context, { account, externalId, days: recent });
    return existing(listed ?? copied ?? (await findListed(context, { account, externalId, days: oldest })), 'campaign');
  } catch (error) {
    if (copied && error instanceof AppError) return copied;
    throw error;
  }
}
