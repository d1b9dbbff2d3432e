import type { FigureFindingModel } from '#integrations/models.js';
import type { MetricCondition } from '#integrations/services/figures/grouping.js';
import { findingValue, type Question, textOfAll } from './explained-figure.js';

/** Conditions by name, those of rows and of the values of dimensions by their own. */
interface Conditions {
  metrics?: MetricCondition<string>[] | null;
  values?: { dimension: string; contains?: string | null; oneOf?: string[] | null }[] | null;
}

/** Returns the conditions of a filter as named values. */
export function conditionsOf(filter: object): FigureFindingModel['values'] {
  const { metrics, values, ...others } = filter as Conditions;
  return [
    ...Object.entries(others).flatMap(([name, condition]) =>
      findingValue(name, Array.isArray(condition) ? condition.join(', ') : condition ? String(condition) : null),
    ),
    ...(values ?? []).flatMap(({ dimension, contains, oneOf }) => [
      ...findingValue('values.contains', contains, dimension),
      ...findingValue('values.oneOf', oneOf?.join(', '), dimension),
    ]),
    ...(metrics ?? []).flatMap(({ metric, value, above, below, atLeast, atMost }) =>
      Object.entries({ above, below, atLeast, atMost }).flatMap(([name, limit]) =>
        findingValue(`metrics.${name}`, limit, `${metric} ${value ?? 'CURRENT'}`),
      ),
    ),
  ];
}

/** Explains that a filter leaves out campaigns or rows. */
export async function filterFindings({ metric, filter, conversion, ask }: Question): Promise<FigureFindingModel[]> {
  const { status, nameContains } = filter;
  const conditions = conditionsOf(filter);
  if (conditions.length === 0) return [];
  const hidesCampaigns = Boolean(status || nameContains);
  const all = hidesCampaigns ? await ask({ filter: { ...filter, status: null, nameContains: null } }) : null;
  const currencies = new Set(all?.map(({ account }) => account.currency));
  // Amounts of several currencies do not add up.
  const unfiltered = all && (currencies.size === 1 || !conversion) ? textOfAll(metric, all) : null;
  return [
    {
      code: 'FILTERED',
      message: hidesCampaigns
        ? "Campaigns that do not meet the filter are left out; the provider's screen shows all of them unless it is filtered alike."
        : 'Only accounts and rows that meet the filter count.',
      providerId: null,
      accounts: [],
      values: [...conditions, ...findingValue('unfilteredFigure', unfiltered)],
    },
  ];
}
