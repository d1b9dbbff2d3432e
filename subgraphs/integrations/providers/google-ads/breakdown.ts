import { z } from 'zod';
import { answerEach } from '#integrations/providers/answer-groups.js';
import { countryOfNumber } from '#integrations/providers/countries.js';
import { inHalves, joinRows } from '#integrations/providers/halves.js';
import type {
  AccountReference,
  BreakdownRow,
  Device,
  ReaderQuestion,
  Readers,
  Rows,
} from '#integrations/providers/products.js';
import { currencyOf } from '#integrations/providers/products.js';
import { readRows } from '#integrations/providers/wire.js';
import type { GoogleAdsApi } from './api.js';
import { NAME } from './errors.js';
import { adMetricsOf, metricsOfRow } from './metrics.js';

const CALLS_AT_ONCE = 16;

const METRICS =
  'metrics.impressions, metrics.clicks, metrics.cost_micros, metrics.conversions, metrics.conversions_value';

type Question = ReaderQuestion<'breakdown'>;

const units = { ALL: [], DAY: ['segments.date'], MONTH: ['segments.month'] } as const;

/** Where people are, not what they are interested in: https://developers.google.com/google-ads/api/fields/v25/user_location_view */
function queryFor({ by, unit, isByCampaign, range }: Question): string {
  const fields = [
    ...(isByCampaign ? ['campaign.id'] : []),
    ...(by === 'DEVICE' ? ['segments.device'] : ['user_location_view.country_criterion_id']),
    ...units[unit],
    METRICS,
  ];
  const from = by === 'COUNTRY' ? 'user_location_view' : isByCampaign ? 'campaign' : 'customer';
  return `SELECT ${fields.join(', ')} FROM ${from} WHERE segments.date BETWEEN '${range.start}' AND '${range.end}'`;
}

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

const row = z.object({
  campaign: z.object({ id: z.string().regex(/^\d+$/) }).optional(),
  segments: z.object({ date: day.optional(), month: day.optional(), device: z.string().optional() }).default({}),
  userLocationView: z.object({ countryCriterionId: z.string().regex(/^\d+$/).optional() }).default({}),
  metrics: metricsOfRow,
});

const identity = z
  .object({ campaign: z.object({ id: z.string() }) })
  .transform(({ campaign }) => ({ row: campaign.id }));

const devices: Record<string, Device> = {
  MOBILE: 'MOBILE',
  TABLET: 'TABLET',
  DESKTOP: 'DESKTOP',
  CONNECTED_TV: 'CONNECTED_TV',
};

/** A country's criterion is 2000 and its ISO number: https://developers.google.com/google-ads/api/data/geotargets */
const countryOfCriterion = (id: string | undefined): string | null =>
  id !== undefined && /^2\d{3}$/.test(id) ? countryOfNumber(id.slice(1)) : null;

function breakdownOf(rows: unknown[], { by, range }: Question, account: AccountReference): Rows<BreakdownRow> {
  const { read, unreadable } = readRows(NAME, row, rows, identity);
  return {
    rows: read.map(({ campaign, segments, userLocationView, metrics }) => ({
      campaignId: campaign?.id ?? null,
      day: segments.date ?? segments.month ?? range.start,
      value:
        by === 'DEVICE'
          ? (devices[segments.device ?? ''] ?? 'OTHER')
          : countryOfCriterion(userLocationView.countryCriterionId),
      metrics: adMetricsOf(metrics, currencyOf(account)),
    })),
    unreadable,
  };
}

/** One call per account and range. */
export const readBreakdown = (api: GoogleAdsApi): Readers['breakdown'] =>
  inHalves<'breakdown'>(
    (accessToken, questions) =>
      answerEach(questions, CALLS_AT_ONCE, async (question) => {
        const rows = await api.searchStream(accessToken, question.account, queryFor(question));
        return breakdownOf(rows, question, question.account);
      }),
    joinRows,
  );
