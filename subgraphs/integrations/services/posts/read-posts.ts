import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { PostRowModel, PostsModel } from '#integrations/models.js';
import { listAccounts } from '#integrations/services/accounts/list-accounts.js';
import { MAX_UNREADABLE } from '#integrations/services/ask/unreadable-rows.js';
import {
  type AnswerToExplain,
  type ExplainedRow,
  withExplanations,
} from '#integrations/services/explain/explain-figures.js';
import { type DaysArguments, figureUnits, includedDays } from '#integrations/services/figures/figure-days.js';
import type { FoundSums } from '#integrations/services/figures/grouped-statement.js';
import {
  checkGrouping,
  type MetricCondition,
  type MetricOrder,
  timeUnitOf,
} from '#integrations/services/figures/grouping.js';
import { positionOf } from '#integrations/services/figures/page-sql.js';
import { Parameters } from '#integrations/services/figures/parameters.js';
import { readGroups, reportedSides } from '#integrations/services/figures/read-groups.js';
import { checkSize } from '#integrations/services/shared/check-size.js';
import { checkText } from '#integrations/services/shared/check-text.js';
import { refusal } from '#integrations/services/shared/refusal.js';
import { checkPageSize, type PageArguments } from '#kit/page.js';
import { postFacts } from './post-facts.js';
import { type PostDimension, type PostMetric, postMetrics, postSums } from './post-question.js';
import { readPostSource } from './read-post-source.js';

const MAX_POSTS = 1_000;

export interface PostFilter {
  clientIds?: string[] | null;
  accountIds?: string[] | null;
  postIds?: string[] | null;
  textContains?: string | null;
  metrics?: MetricCondition<PostMetric>[] | null;
}

export interface PostsArguments extends PageArguments, DaysArguments {
  organizationId: string;
  groupBy: PostDimension[];
  filter?: PostFilter | null;
  orderBy?: MetricOrder<PostMetric> | null;
}

function checkQuestion({ groupBy, filter, orderBy, first }: PostsArguments, isCompared: boolean): void {
  checkPageSize(first);
  checkGrouping({ groupBy, orderBy, conditions: filter?.metrics }, { isCompared });
  if (isCompared && groupBy.includes('POST'))
    throw refusal('groupBy', 'must not have POST with a comparison: a post is of one period only');
  checkSize('filter.postIds', filter?.postIds, MAX_POSTS);
  checkText('filter.textContains', filter?.textContains);
  for (const id of filter?.postIds ?? []) checkText('filter.postIds', id);
}

async function findAccounts(context: Context, { organizationId, filter }: PostsArguments): Promise<Account[]> {
  const { clientIds, accountIds } = filter ?? {};
  return listAccounts(context, { organizationId, clientIds, accountIds, product: 'posts' });
}

const DETAILS = {
  text: 'min(fact.text)',
  created_at: 'min(fact.created_at)',
  url: 'min(fact.url)',
  fetched_at: 'min(fact.fetched_at)',
};
const NEWEST_FIRST = { value: 'extract(epoch FROM created_at)', direction: 'DESC' as const };

function orderOf({ groupBy, orderBy }: PostsArguments) {
  if (!orderBy && groupBy.includes('POST')) return NEWEST_FIRST;
  const order = orderBy ?? (timeUnitOf(groupBy) ? null : { metric: 'ENGAGEMENTS' as const });
  return order && { value: postMetrics.valueSql(order.metric, order.value), direction: order.direction ?? 'DESC' };
}

function filtersOf({ filter }: PostsArguments, parameters: Parameters): string[] {
  const { postIds, textContains } = filter ?? {};
  return [
    ...(postIds ? [`fact.post_id = ANY (${parameters.add(postIds)}::text[])`] : []),
    ...(textContains ? [`position(lower(${parameters.add(textContains)}) IN lower(fact.text)) > 0`] : []),
  ];
}

/**
 * Returns what an organization posted over a range with its engagement to date, by post or grouped and compared, with how
 * complete it is. Throws InvalidInput, and NotFound for an unknown client or account.
 */
export async function readPosts(context: Context, given: PostsArguments): Promise<PostsModel> {
  const { organizationId, groupBy, filter, compareTo, first } = given;
  const days = await includedDays(context, given);
  checkQuestion(given, days.compared !== null);
  const after = positionOf(given);
  const accounts = await findAccounts(context, given);
  const sources = await Promise.all(accounts.map((account) => readPostSource(context, { ...days, account })));
  const parameters = new Parameters();
  const unit = timeUnitOf(groupBy);
  const question = {
    ...days,
    parameters,
    organizationId,
    clientIds: context.visible.clientIds,
    tables: postFacts({ ...days, organizationId, sources }, parameters),
    filters: filtersOf(given, parameters),
    dimensions: groupBy,
    columns: { POST: "fact.account_id || ' ' || fact.post_id" },
    units: unit && figureUnits(days, unit, compareTo),
    sums: postSums,
    isReported: reportedSides(sources),
    ...(groupBy.includes('POST') && { details: DETAILS }),
    having: (filter?.metrics ?? []).flatMap((condition) => postMetrics.conditionsSql(condition, parameters)),
    order: orderOf(given),
    first,
    after,
  };
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const { page, count, totals } = await readGroups(context, question, {
    accounts,
    page: given,
    rowOf: ({ dimensionOf, details: { text, url, created_at: createdAt, fetched_at: fetchedAt }, ...row }) => {
      const [accountId = '', externalId = ''] = dimensionOf('POST')?.split(' ') ?? [];
      const account = byId.get(accountId);
      const post = account && text != null && url && createdAt && fetchedAt;
      if (!post) return { ...row, post: null };
      return {
        ...row,
        account,
        post: { externalId, text, url, createdAt: new Date(createdAt), fetchedAt: new Date(fetchedAt) },
      };
    },
  });
  const completeness = sources.map((source) => source.completeness);
  const explained: AnswerToExplain<FoundSums, ExplainedRow & Pick<PostRowModel, 'post'>> = {
    given,
    range: days.range,
    accounts,
    sources: completeness,
    conditionsOfRow: ({ post }) => (post ? { postIds: [post.externalId] } : {}),
    ask: (changes) => readPosts(context, { ...given, ...changes }),
  };
  return {
    ...page,
    ...withExplanations(context, explained, { edges: page.edges, totals }),
    ...days,
    totalCount: count,
    sources: completeness,
    unreadable: sources.flatMap(({ unreadable }) => unreadable).slice(0, MAX_UNREADABLE),
  };
}
