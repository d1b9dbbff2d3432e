import type { AnalyticsMetricsModel } from '#integrations/models.js';
import type {
  AnalyticsChangeResolvers,
  AnalyticsFieldResolvers,
  AnalyticsMetricsResolvers,
  AnalyticsRowResolvers,
  AnalyticsTotalResolvers,
} from '#integrations/resolver-types.js';
import { readIncompatible } from '#integrations/services/analytics/analytics-catalogue.js';
import type { AnalyticsMetric } from '#integrations/services/analytics/analytics-shape.js';
import { decimalOf, quotient } from '#integrations/services/figures/metric-change.js';
import { Money } from '#runtime/money.js';
import { explainWith } from './explain.js';
import { change, changeOf, changesOf, client, metricsOf, type ReadMetric } from './grouped-figures.js';

type Figures = AnalyticsMetricsModel;
type Read = ReadMetric<Figures>;

const figure =
  (name: string): Read =>
  ({ figures }) =>
    decimalOf(figures[name] ?? null);

const ratio =
  (dividend: string, divisor: string): Read =>
  ({ figures }) =>
    quotient(figures[dividend] ?? null, figures[divisor] ?? null);

const reads = {
  sessions: figure('sessions'),
  engagedSessions: figure('engaged_sessions'),
  newUsers: figure('new_users'),
  views: figure('views'),
  events: figure('events'),
  keyEvents: figure('key_events'),
  transactions: figure('transactions'),
  engagementRate: ratio('engaged_sessions', 'sessions'),
  averageSessionDuration: ratio('session_seconds', 'sessions'),
  keyEventRate: ratio('key_events', 'sessions'),
} satisfies Record<string, Read>;

const revenueOf = figure('revenue');

export const AnalyticsMetrics: AnalyticsMetricsResolvers = {
  ...metricsOf<Figures, keyof typeof reads | 'engagementSeconds'>({
    ...reads,
    engagementSeconds: figure('engagement_seconds'),
  }),
  revenue: (figures) => {
    const { currency } = figures;
    const revenue = revenueOf(figures);
    return revenue && currency ? { amount: Money.fromDecimal(revenue.toFixed(), currency).toString(), currency } : null;
  },
  metric: ({ further }, { name }) => further.get(name) ?? null,
  further: ({ further }) => [...further].map(([metric, value]) => ({ metric, value })),
};

export const AnalyticsChange: AnalyticsChangeResolvers = {
  ...changesOf<Figures, keyof typeof reads>(reads),
  revenue: changeOf(revenueOf),
  metric: (compared, { name }) => changeOf<Figures>(({ further }) => decimalOf(further.get(name) ?? null))(compared),
};

const explain = explainWith<AnalyticsMetric, Figures>({ ...reads, revenue: revenueOf });

export const AnalyticsTotal: AnalyticsTotalResolvers = { change, explain };
export const AnalyticsRow: AnalyticsRowResolvers = { change, client, explain };

export const AnalyticsField: AnalyticsFieldResolvers = {
  kind: ({ kind }) => (kind ? (kind.toUpperCase() as Uppercase<typeof kind>) : null),
  incompatibleWith: ({ account, name, kind }, _args, context) =>
    readIncompatible(context, account, kind ? { metric: name } : { dimension: name }),
};
