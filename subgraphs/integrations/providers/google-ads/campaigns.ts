import { answerEach } from '../answer-each.js';
import { answerGroups } from '../answer-groups.js';
import { currencyOf } from '../currency-of.js';
import type { RangeQuestion, Readers } from '../products.js';
import { isInRange, unionOfRanges } from '../union-of-ranges.js';
import type { GoogleAdsApi } from './api.js';
import { campaignDayOfRow, campaignDaysQuery, campaignOfRow, campaignsQuery } from './metrics.js';

const CALLS_AT_ONCE = 16;

/** One call per account and range: Google Ads has none that spans several accounts, and no sums over several ranges. */
export const readCampaigns =
  (api: GoogleAdsApi): Readers['campaigns'] =>
  (accessToken, questions) =>
    answerEach(questions, CALLS_AT_ONCE, async ({ account, range }) => {
      const rows = await api.searchStream(accessToken, account, campaignsQuery(range));
      return rows.flatMap((row) => campaignOfRow(row, currencyOf(account)) ?? []);
    });

/** One call per account, over all ranges it is asked for. */
export const readCampaignDays =
  (api: GoogleAdsApi): Readers['campaignDays'] =>
  (accessToken, questions) =>
    answerGroups(
      questions,
      CALLS_AT_ONCE,
      ({ account }) => account.externalId,
      async (group) => {
        const [{ account }] = group as [RangeQuestion];
        const query = campaignDaysQuery(unionOfRanges(group.map(({ range }) => range)));
        const rows = await api.searchStream(accessToken, account, query);
        const days = rows.map((row) => campaignDayOfRow(row, currencyOf(account)));
        return group.map(({ range }) => days.filter(({ day }) => isInRange(day, range)));
      },
    );
