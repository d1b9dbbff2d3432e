import DataLoader from 'dataloader';
import { groupBy } from 'es-toolkit/array';
import type { Context } from '#integrations/context.js';
import type { HistoryQuestion } from '#integrations/loaders/history-loaders.js';
import { CampaignIndex } from './campaign-index.js';
import { daysToAsk } from './check-range.js';
import type { CampaignFigures } from './found-figures.js';
import { readCampaignDays, readCampaigns } from './read-campaigns.js';

const keyOf = ({ account, range }: HistoryQuestion) => `${account.id} ${range.start} ${range.end}`;

function once<Found>(read: (question: HistoryQuestion) => Promise<Found>): DataLoader<HistoryQuestion, Found, string> {
  const readAll = (questions: readonly HistoryQuestion[]) =>
    Promise.all(questions.map((question) => read(question).catch((error: Error) => error)));
  // Unbatched: an account does not wait for the others.
  return new DataLoader(readAll, { batch: false, cacheKeyFn: keyOf });
}

/** Returns the figures of one operation. */
export function campaignFigures(contextOf: () => Context): CampaignFigures {
  return {
    campaigns: once(async (question) => {
      const context = contextOf();
      const range = daysToAsk(question.range, question.account.timeZone, context.services.now());
      const answer = range ? await readCampaigns(context, { ...question, range }) : undefined;
      if (!answer) return undefined;
      const { found, unreadable } = answer;
      const index = context.remembered.derive(`index ${keyOf(question)}`, {
        inputs: [found, unreadable],
        rows: found.length,
        derive: () => new CampaignIndex(found, unreadable),
      });
      return { ...answer, index };
    }),
    days: once(async (question) => {
      const context = contextOf();
      const range = daysToAsk(question.range, question.account.timeZone, context.services.now());
      if (!range) return { days: [], byCampaign: {}, unreadable: [], unreadableByCampaign: {} };
      const { rows: days, unreadable } = await readCampaignDays(context, { ...question, range });
      days.sort((one, other) => (one.day < other.day ? -1 : one.day > other.day ? 1 : 0));
      return {
        days,
        byCampaign: groupBy(days, ({ externalId }) => externalId),
        unreadable,
        unreadableByCampaign: groupBy(unreadable, ({ row }) => row),
      };
    }),
  };
}
