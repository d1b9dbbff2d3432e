import type { FigureFindingModel } from '#integrations/models.js';
import { findingValue, type Question, textOfAll } from './explained-figure.js';

/** Explains that a filter leaves out campaigns or rows. */
export async function filterFindings({ metric, filter, conversion, ask }: Question): Promise<FigureFindingModel[]> {
  const { status, nameContains, metrics, providers, clientIds, accountIds } = filter;
  const conditions = [
    ...findingValue('status', status?.join(', ')),
    ...findingValue('nameContains', nameContains || null),
    ...(metrics ?? []).flatMap(({ metric: of, value, above, below, atLeast, atMost }) =>
      Object.entries({ above, below, atLeast, atMost }).flatMap(([name, limit]) =>
        findingValue(`metrics.${name}`, limit, `${of} ${value ?? 'CURRENT'}`),
      ),
    ),
    ...findingValue('providers', providers?.join(', ')),
    ...findingValue('clientIds', clientIds?.join(', ')),
    ...findingValue('accountIds', accountIds?.join(', ')),
  ];
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
