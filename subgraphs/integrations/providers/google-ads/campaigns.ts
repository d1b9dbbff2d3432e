import { unionOfRanges } from '#integrations/calendar-day.js';
import { answerAll, answerEach, answerGroups } from '#integrations/providers/answer-groups.js';
import { inHalves, joinRows, joinSums } from '#integrations/providers/halves.js';
import type { ReaderQuestion, Readers } from '#integrations/providers/products.js';
import { currencyOf, daysInRange } from '#integrations/providers/products.js';
import type { GoogleAdsApi } from './api.js';
import {
  campaignDaysOfRows,
  campaignDaysQuery,
  campaignsOfRanges,
  campaignsOfRows,
  campaignsQuery,
} from './metrics.js';

const CALLS_AT_ONCE = 16;

/** Most ranges for which one query each is cheaper than adding up days. */
const MAX_SUMS = 2;

const rangesOf = (group: ReaderQuestion<'campaigns'>[]) => group.map(({ range }) => range);

/** One call per account and range; from three ranges on two calls, as campaigns without activity have no daily rows. */
export const readCampaigns = (api: GoogleAdsApi): Readers['campaigns'] =>
  inHalves<'campaigns'>(
    (accessToken, questions) =>
      answerGroups(
        questions,
        CALLS_AT_ONCE,
        ({ account }) => account.externalId,
        async (group) => {
          const [{ account }] = group;
          const currency = currencyOf(account);
          const ask = (query: string) => api.searchStream(accessToken, account, query);
          const sums = async ({ range }: ReaderQuestion<'campaigns'>) =>
            campaignsOfRows(await ask(campaignsQuery(range)), currency);
          if (group.length <= MAX_SUMS) return answerEach(group, MAX_SUMS, sums);
          const range = unionOfRanges(rangesOf(group));
          const [rows, days] = await Promise.all([ask(campaignsQuery(range)), ask(campaignDaysQuery(range))]);
          const sumsOf = campaignsOfRanges(rows, days, currency);
          return answerAll(group, (question) => sumsOf(question.range));
        },
      ),
    joinSums,
  );

/** One call per account, over all of its ranges. */
export const readCampaignDays = (api: GoogleAdsApi): Readers['campaignDays'] =>
  inHalves<'campaignDays'>(
    (accessToken, questions) =>
      answerGroups(
        questions,
        CALLS_AT_ONCE,
        ({ account }) => account.externalId,
        async (group) => {
          const [{ account }] = group;
          const query = campaignDaysQuery(unionOfRanges(rangesOf(group)));
          const rows = await api.searchStream(accessToken, account, query);
          const days = campaignDaysOfRows(rows, currencyOf(account));
          return answerAll(group, ({ range }) => daysInRange(days, range));
        },
      ),
    joinRows,
  );
