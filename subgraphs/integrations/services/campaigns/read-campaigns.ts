import { dayIn } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import { currencyOf } from '#integrations/providers/currency-of.js';
import type { AdMetrics, CampaignRow, DayRange } from '#integrations/providers/products.js';
import { askAccount } from '#integrations/services/ask/ask-account.js';
import type { Known } from '#integrations/services/ask/remember-answers.js';
import type {
  CampaignSums,
  DatedDay,
  HistoryPart,
  KnownCampaign,
} from '#integrations/services/history/read-history.js';
import { addMetrics } from './add-metrics.js';

type Tools = Pick<Context, 'providers' | 'askProvider' | 'askedNow' | 'history' | 'services'>;

/** What of a range is copied; null = nothing, or nothing that may be told: nobody opens the account any more. */
function findPart({ providers, history }: Tools, account: Account, range: DayRange): Promise<HistoryPart | null> {
  const isCopied = providers.find(account.providerId)?.history !== undefined;
  if (!isCopied || !account.isActive || account.access === null) return Promise.resolve(null);
  return history.parts.load({ account, range });
}

const oldest = (one: Date, other: Date | null) => (other && other < one ? other : one);

/**
 * Puts the copied sums of a range to campaigns as they are listed now, together with what they did on the days that were
 * asked for. A campaign that is listed no more has ended: it is taken as it was listed last. Returns undefined when it
 * cannot be told who one is now.
 */
function join(
  listed: CampaignRow[],
  sums: CampaignSums[],
  known: Map<string, KnownCampaign>,
  { currency, countsListed }: { currency: string; countsListed: boolean },
): CampaignRow[] | undefined {
  const rest = new Map(sums.map(({ externalId, metrics }) => [externalId, metrics]));
  const campaigns = listed.flatMap((campaign): CampaignRow[] => {
    const copied = rest.get(campaign.externalId);
    rest.delete(campaign.externalId);
    if (campaign.status === 'ENDED' && !copied && !countsListed) return [];
    const all: AdMetrics[] = [...(countsListed ? [campaign.metrics] : []), ...(copied ? [copied] : [])];
    return [{ ...campaign, metrics: addMetrics(all, currency) }];
  });
  for (const [externalId, metrics] of rest) {
    const campaign = known.get(externalId);
    if (campaign?.status !== 'ENDED') return undefined;
    campaigns.push({ ...campaign, metrics });
  }
  return campaigns;
}

async function findCampaigns(
  tools: Tools,
  account: Account,
  range: DayRange,
): Promise<Known<CampaignRow[]> | undefined> {
  const { history, services } = tools;
  const part = await findPart(tools, account, range);
  if (!part) return askAccount(tools, account, 'campaigns', { range });
  const today = dayIn(account.timeZone, services.now());
  const [listed, sums, known] = await Promise.all([
    askAccount(tools, account, 'campaigns', { range: part.gap ?? { start: today, end: today } }),
    history.sums.load({ account, range }),
    history.campaigns.load(account.id),
  ]);
  if (!listed) return undefined;
  const currency = currencyOf(account);
  const found = join(listed.found, sums, known, { currency, countsListed: part.gap !== null });
  if (!found) return askAccount(tools, account, 'campaigns', { range });
  return { ...listed, found, fetchedAt: oldest(listed.fetchedAt, part.fetchedAt) };
}

/**
 * Returns the campaigns of an account with their sums over a range: from the copied days, and from the provider what is
 * missing of them and who they are now. One question to the provider at most, and mostly the same for every range that ends
 * today. undefined where there is nothing to ask.
 */
export function readCampaigns(
  tools: Tools,
  account: Account,
  range: DayRange,
): Promise<Known<CampaignRow[]> | undefined> {
  // Noted before anything is awaited: whoever tells how the connection is waits for it.
  return tools.askedNow.note(account.connectionId, findCampaigns(tools, account, range));
}

async function askDays(tools: Tools, account: Account, range: DayRange): Promise<DatedDay[]> {
  const known = await askAccount(tools, account, 'campaignDays', { range });
  return known?.found.map((day) => ({ ...day, fetchedAt: known.fetchedAt })) ?? [];
}

async function findCampaignDays(tools: Tools, account: Account, range: DayRange): Promise<DatedDay[]> {
  const part = await findPart(tools, account, range);
  if (!part) return askDays(tools, account, range);
  const [copied, asked] = await Promise.all([
    tools.history.days.load({ account, range }),
    part.gap ? askDays(tools, account, part.gap) : [],
  ]);
  return [...copied, ...asked];
}

/** Returns what the campaigns of an account did on each day: the copied days, and from the provider those that are missing. */
export function readCampaignDays(tools: Tools, account: Account, range: DayRange): Promise<DatedDay[]> {
  return tools.askedNow.note(account.connectionId, findCampaignDays(tools, account, range));
}
