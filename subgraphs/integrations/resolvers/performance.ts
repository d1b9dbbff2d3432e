import Big from 'big.js';
import { mapValues } from 'es-toolkit/object';
import type { FigureFindingModel, PerformanceMetricsModel } from '#integrations/models.js';
import type {
  PerformanceChangeResolvers,
  PerformanceMetricsResolvers,
  PerformanceResolvers,
  PerformanceRowResolvers,
  PerformanceTotalResolvers,
} from '#integrations/resolver-types.js';
import { metricOfSums } from '#integrations/services/performance/metric-values.js';
import type { Metric } from '#integrations/services/performance/performance-question.js';
import { Money } from '#runtime/money.js';
import { besideFigures } from './annotation.js';
import { change, changesOf, client, metricsOf, type ReadMetric } from './grouped-figures.js';

type Sums = PerformanceMetricsModel;

const metricOf =
  (metric: Metric): ReadMetric<Sums> =>
  (sums) =>
    metricOfSums(metric, sums);

export const Performance: PerformanceResolvers = {
  ...besideFigures,
  totalCount: ({ totalCount }) => totalCount(),
  totals: ({ totals }) => totals(),
};

const numbers = {
  impressions: metricOf('IMPRESSIONS'),
  clicks: metricOf('CLICKS'),
  conversions: metricOf('CONVERSIONS'),
  ctr: metricOf('CTR'),
  roas: metricOf('ROAS'),
};

const amounts = {
  cost: metricOf('COST'),
  conversionValue: metricOf('CONVERSION_VALUE'),
  cpc: metricOf('CPC'),
  cpm: metricOf('CPM'),
  cpa: metricOf('CPA'),
};

/** Converted sums and ratios are not whole millionths. */
const amountOf = (micros: Big, currency: string) => ({
  amount: Money.fromMicros(micros.round(0, Big.roundHalfUp).toFixed(), currency).toString(),
  currency,
});

const readAmount = (read: ReadMetric<Sums>) => (sums: Sums) => {
  const amount = read(sums);
  return amount && amountOf(amount.times(1e6), sums.currency);
};

const listOf = (sums: Record<string, string>) =>
  Object.entries(sums)
    .map(([type, value]) => ({ type, value }))
    .sort((one, other) => (one.type < other.type ? -1 : 1));

export const PerformanceMetrics: PerformanceMetricsResolvers = {
  ...metricsOf(numbers),
  ...mapValues(amounts, readAmount),
  impressions: ({ impressions }) => Number(impressions),
  clicks: ({ clicks }) => Number(clicks),
  cost: ({ cost, currency }) => amountOf(new Big(cost), currency),
  async results({ readActions }) {
    const found = await readActions();
    return found && listOf(found.results);
  },
  async actions({ readActions }) {
    const found = await readActions();
    return found && listOf(found.actions);
  },
};

export const PerformanceChange: PerformanceChangeResolvers = changesOf({ ...numbers, ...amounts });

const explain = (row: { explain(metric: Metric): Promise<FigureFindingModel[]> }, { metric }: { metric: Metric }) =>
  row.explain(metric);

export const PerformanceTotal: PerformanceTotalResolvers = { change, explain };

export const PerformanceRow: PerformanceRowResolvers = { change, client, explain };
