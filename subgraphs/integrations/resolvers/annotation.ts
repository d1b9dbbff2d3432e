import type { DayRange } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type {
  AnnotationResolvers,
  PlacesResolvers,
  PostsResolvers,
  SearchQueryConnectionResolvers,
} from '#integrations/resolver-types.js';
import { annotationsBeside } from '#integrations/services/annotations/list-annotations.js';

export const Annotation: AnnotationResolvers = {
  range: ({ startsOn, endsOn }) => ({ start: startsOn, end: endsOn }),
  client: ({ clientId }, _args, { clientById }) => (clientId ? clientById.load(clientId) : null),
  account: ({ accountId }, _args, { accountById }) => (accountId ? accountById.load(accountId) : null),
  createdBy: ({ createdBy }, _args, { identity: { userId, clientIds } }) =>
    createdBy && (!clientIds || createdBy === userId) ? { id: createdBy } : null,
};

/** Figures of accounts over ranges. */
interface Figures {
  range: DayRange;
  compared: DayRange | null;
  sources: { account: Account }[];
}

export const besideFigures = {
  annotations: ({ range, compared, sources }: Figures, _args: unknown, context: Context) =>
    annotationsBeside(context, {
      accounts: sources.map(({ account }) => account),
      ranges: compared ? [range, compared] : [range],
    }),
};

export const SearchQueryConnection: SearchQueryConnectionResolvers = besideFigures;
export const Places: PlacesResolvers = besideFigures;
export const Posts: PostsResolvers = besideFigures;
