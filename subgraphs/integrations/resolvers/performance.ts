import Big from 'big.js';
import type { PerformanceMetricsModel } from '#integrations/models.js';
import type {
  PerformanceChangeResolvers,
  PerformanceMetricsResolvers,
  PerformanceRowResolvers,
  PerformanceTotalResolvers,
} from '#integrations/resolver-types.js';
import { Money } from '#runtime/money.js';

const Ratio = Big();
Ratio.DP = 20;

type Sums = PerformanceMetricsModel;

const amountOf = (micros: string, currency: string) => ({
  amount: Money.fromMicros(micros, currency).toString(),
  currency,
});

/** Divides exact decimals; null without a divisor. */
function quotient(dividend: string | null, divisor: string | null): Big | null {
  if (dividend === null || divisor === null) return null;
  const by = new Ratio(divisor);
  return by.eq(0) ? null : new Ratio(dividend).div(by);
}

const numberOf = (ratio: Big | null) => ratio && Number(ratio);
const amountPer = (micros: Big | null, currency: string) => micros && amountOf(micros.toFixed(0), currency);

/** Per thousand impressions. */
const cpmOf = ({ cost, impressions }: Sums) => quotient(new Ratio(cost).times(1000).toFixed(), impressions);

const ratios = {
  ctr: (sums: Sums) => quotient(sums.clicks, sums.impressions),
  cpc: (sums: Sums) => quotient(sums.cost, sums.clicks),
  cpm: cpmOf,
  cpa: (sums: Sums) => quotient(sums.cost, sums.conversions),
  roas: (sums: Sums) => quotient(sums.value, sums.cost),
};

export const PerformanceMetrics: PerformanceMetricsResolvers = {
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

const decimal = (text: string | null) => (text === null ? null : new Ratio(text));
const micros = (amount: Big | null) => amount?.times('1e-6') ?? null;

const reads = {
  impressions: (sums) => decimal(sums.impressions),
  clicks: (sums) => decimal(sums.clicks),
  cost: (sums) => micros(decimal(sums.cost)),
  conversions: (sums) => decimal(sums.conversions),
  conversionValue: (sums) => micros(decimal(sums.value)),
  ctr: ratios.ctr,
  cpc: (sums) => micros(ratios.cpc(sums)),
  cpm: (sums) => micros(ratios.cpm(sums)),
  cpa: (sums) => micros(ratios.cpa(sums)),
  roas: ratios.roas,
} satisfies Record<string, Read>;

const changeOf = (read: Read) => (change: { metrics: Sums; previous: Sums }) => {
  const [current, previous] = [read(change.metrics), read(change.previous)];
  if (current === null || previous === null) return { absolute: null, percent: null };
  const absolute = current.minus(previous);
  const percent = previous.eq(0) ? null : Number(absolute.times(100).div(previous).toFixed(4));
  return { absolute: absolute.round(6).toFixed(), percent };
};

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

export const PerformanceTotal: PerformanceTotalResolvers = { change };

export const PerformanceRow: PerformanceRowResolvers = {
  client: ({ clientId }, _args, { clientById }) => (clientId ? clientById.load(clientId) : null),
  change,
};
