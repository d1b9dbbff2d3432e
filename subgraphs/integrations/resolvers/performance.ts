import Big from 'big.js';
import type { FigureFindingModel, PerformanceMetricsModel } from '#integrations/models.js';
import type {
  PerformanceChangeResolvers,
  PerformanceMetricsResolvers,
  PerformanceRowResolvers,
  PerformanceTotalResolvers,
} from '#integrations/resolver-types.js';
import { changeBetween, decimalOf, quotient } from '#integrations/services/figures/metric-change.js';
import type { Metric } from '#integrations/services/performance/performance-question.js';
import { Money } from '#runtime/money.js';

type Sums = PerformanceMetricsModel;

/** Converted sums are not whole millionths. */
const amountOf = (micros: string, currency: string) => ({
  amount: Money.fromMicros(new Big(micros).round(0, Big.roundHalfUp).toFixed(), currency).toString(),
  currency,
});

const numberOf = (ratio: Big | null) => ratio && Number(ratio);
const amountPer = (micros: Big | null, currency: string) => micros && amountOf(micros.toFixed(0), currency);

/** Per thousand impressions. */
const cpmOf = ({ cost, impressions }: Sums) => quotient(decimalOf(cost)?.times(1000).toFixed() ?? null, impressions);

const ratios = {
  ctr: (sums: Sums) => quotient(sums.clicks, sums.impressions),
  cpc: (sums: Sums) => quotient(sums.cost, sums.clicks),
  cpm: cpmOf,
  cpa: (sums: Sums) => quotient(sums.cost, sums.conversions),
  roas: (sums: Sums) => quotient(sums.value, sums.cost),
};

const listOf = (sums: Record<string, string>) =>
  Object.entries(sums)
    .map(([type, value]) => ({ type, value }))
    .sort((one, other) => (one.type < other.type ? -1 : 1));

export const PerformanceMetrics: PerformanceMetricsResolvers = {
  async results({ readActions }) {
    const found = await readActions();
    return found && listOf(found.results);
  },
  async actions({ readActions }) {
    const found = await readActions();
    return found && listOf(found.actions);
  },
  impressions: ({ impressions }) => Number(impressions),
  clicks: ({ clicks }) => Number(clicks),
  cost: ({ cost, currency }) => amountOf(cost, currency),
  conversions: ({ conversions }) => (conversions === null ? null : Number(conversions)),
  conversionValue: ({ value, currency }) => (value === null ? null : amountOf(value, currency)),
  ctr: (sums) => numberOf(ratios.ctr(sums)),
  cpc: (sums) => amountPer(ratios.cpc(sums), sums.currency),
  cpm: (sums) => amountPer(ratios.cpm(sums), sums.currency),
  cpa: (sums) => amountPer(ratios.cpa(sums), sums.currency),
  roas: (sums) => numberOf(ratios.roas(sums)),
};

type Read = (sums: Sums) => Big | null;

const micros = (amount: Big | null) => amount?.times('1e-6') ?? null;

const reads = {
  impressions: (sums) => decimalOf(sums.impressions),
  clicks: (sums) => decimalOf(sums.clicks),
  cost: (sums) => micros(decimalOf(sums.cost)),
  conversions: (sums) => decimalOf(sums.conversions),
  conversionValue: (sums) => micros(decimalOf(sums.value)),
  ctr: ratios.ctr,
  cpc: (sums) => micros(ratios.cpc(sums)),
  cpm: (sums) => micros(ratios.cpm(sums)),
  cpa: (sums) => micros(ratios.cpa(sums)),
  roas: ratios.roas,
} satisfies Record<string, Read>;

const changeOf =
  (read: Read) =>
  ({ metrics, previous }: { metrics: Sums; previous: Sums }) =>
    changeBetween(read(previous), read(metrics));

export const PerformanceChange: PerformanceChangeResolvers = {
  impressions: changeOf(reads.impressions),
  clicks: changeOf(reads.clicks),
  cost: changeOf(reads.cost),
  conversions: changeOf(reads.conversions),
  conversionValue: changeOf(reads.conversionValue),
  ctr: changeOf(reads.ctr),
  cpc: changeOf(reads.cpc),
  cpm: changeOf(reads.cpm),
  cpa: changeOf(reads.cpa),
  roas: changeOf(reads.roas),
};

const change = ({ metrics, previous }: { metrics: Sums; previous: Sums | null }) => previous && { metrics, previous };

const explain = (row: { explain(metric: Metric): Promise<FigureFindingModel[]> }, { metric }: { metric: Metric }) =>
  row.explain(metric);

export const PerformanceTotal: PerformanceTotalResolvers = { change, explain };

export const PerformanceRow: PerformanceRowResolvers = {
  client: ({ clientId }, _args, { clientById }) => (clientId ? clientById.load(clientId) : null),
  change,
  explain,
};
