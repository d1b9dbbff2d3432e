import DataLoader from 'dataloader';
import { groupBy } from 'es-toolkit/array';
import type { Context } from '#integrations/context.js';
import type { HistoryQuestion } from '#integrations/loaders/history-loaders.js';
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
      return (
        answer && {
          ...answer,
          byId: new Map(answer.found.map((row) => [row.externalId, row])),
          // Of a row that lacks several values, the first.
          unreadableById: new Map(answer.unreadable.toReversed().map((row) => [row.row, row])),
        }
      );
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
