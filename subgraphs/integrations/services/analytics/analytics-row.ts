import type { Account } from '#integrations/entities/account.js';
import type { AnalyticsMetricsModel, AnalyticsRowModel, AnalyticsTotalModel } from '#integrations/models.js';
import { countryOfName } from '#integrations/providers/countries.js';
import type { Device } from '#integrations/providers/products.js';
import type { FoundBreakdownRow, FoundFigures } from '#integrations/services/figures/breakdown-question.js';
import type { AnalyticsDimension } from './analytics-shape.js';

/** Returns the figures of a row. */
export function analyticsFiguresOf(
  { current, previous, currency }: Pick<FoundBreakdownRow, 'current' | 'previous' | 'currency'>,
  metrics: string[],
  isCompared: boolean,
): Omit<AnalyticsTotalModel, 'explain'> {
  const metricsOf = (figures: FoundFigures): AnalyticsMetricsModel => ({
    figures,
    currency,
    further: new Map(metrics.map((name, index) => [name, figures[`m${index}`] ?? null])),
  });
  return { currency, metrics: metricsOf(current), previous: isCompared ? metricsOf(previous) : null };
}

/** By Google's words. https://support.google.com/analytics/answer/9143382 */
const devices: Record<string, Device> = {
  desktop: 'DESKTOP',
  mobile: 'MOBILE',
  tablet: 'TABLET',
  'smart tv': 'CONNECTED_TV',
};

/** Returns the mapping of found rows. */
export function createAnalyticsRowOf(
  given: { groupBy: AnalyticsDimension[]; dimensions: string[]; metrics: string[] },
  accounts: Account[],
  isCompared: boolean,
): (found: FoundBreakdownRow) => Omit<AnalyticsRowModel, 'explain'> {
  const { groupBy, dimensions, metrics } = given;
  const byId = new Map(accounts.map((account) => [account.id, account]));
  return (found) => {
    const dimensionOf = (dimension: AnalyticsDimension) => found.dimensions[groupBy.indexOf(dimension)] ?? null;
    const [device, country] = [dimensionOf('DEVICE'), dimensionOf('COUNTRY')];
    return {
      ...analyticsFiguresOf(found, metrics, isCompared),
      channel: dimensionOf('CHANNEL'),
      sourceMedium: dimensionOf('SOURCE_MEDIUM'),
      campaign: dimensionOf('CAMPAIGN'),
      device: device === null ? null : (devices[device] ?? 'OTHER'),
      country: country === null ? null : countryOfName(country),
      landingPage: dimensionOf('LANDING_PAGE'),
      page: dimensionOf('PAGE'),
      event: dimensionOf('EVENT'),
      values: dimensions.map((dimension, index) => ({
        dimension,
        value: found.dimensions[groupBy.length + index] ?? '',
      })),
      account: byId.get(dimensionOf('ACCOUNT') ?? '') ?? null,
      clientId: dimensionOf('CLIENT'),
      day: dimensionOf('DAY'),
      week: dimensionOf('WEEK'),
      month: dimensionOf('MONTH'),
    };
  };
}
