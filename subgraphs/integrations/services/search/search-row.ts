import type { Account } from '#integrations/entities/account.js';
import type { SearchMetricsModel, SearchQueryRowModel, SearchTotalModel } from '#integrations/models.js';
import { countryOfAlpha3 } from '#integrations/providers/countries.js';
import type { FoundBreakdownRow, FoundFigures } from '#integrations/services/figures/breakdown-question.js';
import { deviceOf, type SearchDimension } from './search-shape.js';

const sumsOf = ({ clicks, impressions, positions }: FoundFigures): SearchMetricsModel => ({
  clicks: clicks ?? '0',
  impressions: impressions ?? '0',
  positions: positions ?? '0',
});

/** Returns the figures of a row. */
export const searchFiguresOf = (
  { current, previous }: Pick<FoundBreakdownRow, 'current' | 'previous'>,
  isCompared: boolean,
): Omit<SearchTotalModel, 'explain'> => ({ metrics: sumsOf(current), previous: isCompared ? sumsOf(previous) : null });

/** Returns the mapping of found rows. */
export function createSearchRowOf(
  groupBy: SearchDimension[],
  accounts: Account[],
  isCompared: boolean,
): (found: FoundBreakdownRow) => Omit<SearchQueryRowModel, 'explain'> {
  const byId = new Map(accounts.map((account) => [account.id, account]));
  return (found) => {
    const dimensionOf = (dimension: SearchDimension) => found.dimensions[groupBy.indexOf(dimension)] ?? null;
    const [country, device] = [dimensionOf('COUNTRY'), dimensionOf('DEVICE')];
    return {
      ...searchFiguresOf(found, isCompared),
      query: dimensionOf('QUERY'),
      page: dimensionOf('PAGE'),
      country: country === null ? null : countryOfAlpha3(country),
      device: device === null ? null : deviceOf(device),
      account: byId.get(dimensionOf('ACCOUNT') ?? '') ?? null,
      clientId: dimensionOf('CLIENT'),
      day: dimensionOf('DAY'),
      week: dimensionOf('WEEK'),
      month: dimensionOf('MONTH'),
    };
  };
}
