import { z } from 'zod';
import { answerAll } from '#integrations/providers/answer-groups.js';
import { inHalves, joinRows } from '#integrations/providers/halves.js';
import type { BreakdownRow, Device, ReaderQuestion, Readers, Rows } from '#integrations/providers/products.js';
import { currencyOf } from '#integrations/providers/products.js';
import { readRows } from '#integrations/providers/wire.js';
import type { GraphRequest, MetaApi } from './api.js';
import { NAME } from './errors.js';
import { type ListAnswer, listIn, readLists } from './lists.js';
import { insightFigures, metricsOf } from './metrics.js';

type Question = ReaderQuestion<'breakdown'>;

/** https://developers.facebook.com/docs/marketing-api/insights/breakdowns */
const breakdowns = { DEVICE: 'impression_device', COUNTRY: 'country' } as const;
const increments = { ALL: {}, DAY: { time_increment: '1' }, MONTH: { time_increment: 'monthly' } } as const;

function insightsOf({ account, by, unit, isByCampaign, range }: Question): GraphRequest {
  const fields = `${isByCampaign ? 'campaign_id,' : ''}impressions,clicks,spend,actions,action_values`;
  return {
    path: `act_${account.externalId}/insights`,
    query: {
      level: isByCampaign ? 'campaign' : 'account',
      fields,
      breakdowns: breakdowns[by],
      time_range: JSON.stringify({ since: range.start, until: range.end }),
      ...increments[unit],
      limit: '500',
    },
    // A longer range is halved first.
    hasFixedPages: range.start !== range.end,
  };
}

const row = insightFigures.extend({
  campaign_id: z.string().regex(/^\d+$/).optional(),
  date_start: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  impression_device: z.string().optional(),
  country: z.string().optional(),
});

const identity = z.object({ campaign_id: z.string() }).transform((found) => ({ row: found.campaign_id }));

/** `iphone`, `android_tablet`, `desktop`, `other` and more. */
function deviceOf(word: string | undefined): Device {
  if (!word) return 'OTHER';
  if (/ipad|tablet/.test(word)) return 'TABLET';
  if (/iphone|ipod|smartphone|mobile/.test(word)) return 'MOBILE';
  if (/(^|_)tv$/.test(word)) return 'CONNECTED_TV';
  return word === 'desktop' ? 'DESKTOP' : 'OTHER';
}

const countryOf = (word: string | undefined): string | null => (word && /^[A-Z]{2}$/.test(word) ? word : null);

function breakdownOf(found: ListAnswer, { by, account }: Question): Rows<BreakdownRow> | Error {
  if (found instanceof Error) return found;
  try {
    const { read, unreadable } = readRows(NAME, row, found, identity);
    const rows = read.map((one) => ({
      campaignId: one.campaign_id ?? null,
      day: one.date_start,
      value: by === 'DEVICE' ? deviceOf(one.impression_device) : countryOf(one.country),
      metrics: metricsOf(one, currencyOf(account)),
    }));
    return { rows, unreadable };
  } catch (error) {
    return error as Error;
  }
}

/** Reads one list of insights per question, in batches of 50. */
export const readBreakdown = (api: MetaApi): Readers['breakdown'] =>
  inHalves<'breakdown'>(async (accessToken, questions) => {
    const requests = new Map(questions.map((question) => [question, insightsOf(question)]));
    const lists = await readLists(api, [...requests.values()], accessToken);
    return answerAll(questions, (question) => breakdownOf(listIn(lists, requests.get(question)), question));
  }, joinRows);
