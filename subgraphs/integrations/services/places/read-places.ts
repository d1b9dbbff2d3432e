import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { BusinessLocationModel, PlaceRowModel, PlacesModel } from '#integrations/models.js';
import type { LocationRow } from '#integrations/providers/products.js';
import { listAccounts } from '#integrations/services/accounts/list-accounts.js';
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
import { checkPageSize, type PageArguments } from '#kit/page.js';
import { placeFacts } from './place-facts.js';
import { type PlaceDimension, type PlaceMetric, placeMetrics, placeSums } from './place-question.js';
import { readPlaceSource } from './read-place-source.js';

const MAX_PLACES = 100;

export interface PlaceFilter {
  clientIds?: string[] | null;
  accountIds?: string[] | null;
  placeIds?: string[] | null;
  nameContains?: string | null;
  metrics?: MetricCondition<PlaceMetric>[] | null;
}

export interface PlacesArguments extends PageArguments, DaysArguments {
  organizationId: string;
  groupBy: PlaceDimension[];
  filter?: PlaceFilter | null;
  orderBy?: MetricOrder<PlaceMetric> | null;
}

function checkQuestion({ groupBy, filter, orderBy, first }: PlacesArguments, isCompared: boolean): void {
  checkPageSize(first);
  checkGrouping({ groupBy, orderBy, conditions: filter?.metrics }, { isCompared });
  checkSize('filter.placeIds', filter?.placeIds, MAX_PLACES);
  for (const id of filter?.placeIds ?? []) checkText('filter.placeIds', id);
  checkText('filter.nameContains', filter?.nameContains);
}

function isWantedBy({ placeIds, nameContains }: PlaceFilter): (place: LocationRow) => boolean {
  const ids = placeIds && new Set(placeIds);
  const text = nameContains?.toLowerCase();
  return ({ externalId, name }) => (!ids || ids.has(externalId)) && (!text || name.toLowerCase().includes(text));
}

async function findAccounts(context: Context, { organizationId, filter }: PlacesArguments): Promise<Account[]> {
  const { clientIds, accountIds } = filter ?? {};
  return listAccounts(context, { organizationId, clientIds, accountIds, product: 'places' });
}

function orderOf({ groupBy, orderBy }: PlacesArguments) {
  const order = orderBy ?? (timeUnitOf(groupBy) ? null : { metric: 'INTERACTIONS' as const });
  return order && { value: placeMetrics.valueSql(order.metric, order.value), direction: order.direction ?? 'DESC' };
}

/**
 * Returns the engagement with the places of an organization over a range, grouped and compared, with how complete it is.
 * Days that are not copied are asked. Throws InvalidInput, and NotFound for an unknown client or account.
 */
export async function readPlaces(context: Context, given: PlacesArguments): Promise<PlacesModel> {
  const { organizationId, groupBy, filter, compareTo, first } = given;
  const days = await includedDays(context, given);
  checkQuestion(given, days.compared !== null);
  const after = positionOf(given);
  const accounts = await findAccounts(context, given);
  const isWanted = isWantedBy(filter ?? {});
  const sources = await Promise.all(
    accounts.map((account) => readPlaceSource(context, { ...days, account, isWanted })),
  );
  const parameters = new Parameters();
  const unit = timeUnitOf(groupBy);
  const question = {
    ...days,
    parameters,
    organizationId,
    clientIds: context.visible.clientIds,
    tables: placeFacts({ ...days, organizationId, sources, groupBy }, parameters),
    filters: [],
    dimensions: groupBy,
    columns: { PLACE: "fact.account_id || ' ' || fact.place_id" },
    units: unit && figureUnits(days, unit, compareTo),
    sums: placeSums,
    isReported: reportedSides(sources),
    having: (filter?.metrics ?? []).flatMap((condition) => placeMetrics.conditionsSql(condition, parameters)),
    order: orderOf(given),
    first,
    after,
  };
  const places = new Map<string, BusinessLocationModel>(
    sources.flatMap(({ account, places: own }) =>
      [...own.values()].map((place) => [`${account.id} ${place.externalId}`, { ...place, account }] as const),
    ),
  );
  const { page, count, totals } = await readGroups(context, question, {
    accounts,
    page: given,
    rowOf: ({ dimensionOf, details: _, ...row }) => {
      const place = places.get(dimensionOf('PLACE') ?? '') ?? null;
      return { ...row, place, account: place?.account ?? row.account };
    },
  });
  const completeness = sources.map((source) => source.completeness);
  const explained: AnswerToExplain<FoundSums, ExplainedRow & Pick<PlaceRowModel, 'place'>> = {
    given,
    range: days.range,
    accounts,
    sources: completeness,
    conditionsOfRow: ({ place }) => (place ? { placeIds: [place.externalId] } : {}),
    ask: (changes) => readPlaces(context, { ...given, ...changes }),
  };
  return {
    ...page,
    ...withExplanations(context, explained, { edges: page.edges, totals }),
    ...days,
    totalCount: count,
    sources: completeness,
  };
}
