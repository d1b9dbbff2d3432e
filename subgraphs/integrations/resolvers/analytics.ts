import type Big from 'big.js';
import type { AnalyticsMetricsModel, AnalyticsTotalModel } from '#integrations/models.js';
import type {
  AnalyticsChangeResolvers,
  AnalyticsFieldResolvers,
  AnalyticsMetricsResolvers,
  AnalyticsRowResolvers,
  AnalyticsTotalResolvers,
} from '#integrations/resolver-types.js';
import { readIncompatible } from '#integrations/services/analytics/analytics-catalogue.js';
import { changeBetween, decimalOf, quotient } from '#integrations/services/figures/metric-change.js';
import { Money } from '#runtime/money.js';

type Figures = AnalyticsMetricsModel;
type Read = (figures: Figures) => Big | null;

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
  revenue: figure('revenue'),
  engagementSeconds: figure('engagement_seconds'),
  engagementRate: ratio('engaged_sessions', 'sessions'),
  averageSessionDuration: ratio('session_seconds', 'sessions'),
  keyEventRate: ratio('key_events', 'sessions'),
} satisfies Record<string, Read>;

const numberOf = (read: Read) => (figures: Figures) => {
  const value = read(figures);
  return value && Number(value);
};

export const AnalyticsMetrics: AnalyticsMetricsResolvers = {
  sessions: numberOf(reads.sessions),
  engagedSessions: numberOf(reads.engagedSessions),
  newUsers: numberOf(reads.newUsers),
  views: numberOf(reads.views),
  events: numberOf(reads.events),
  keyEvents: numberOf(reads.keyEvents),
  transactions: numberOf(reads.transactions),
  revenue: (figures) => {
    const { currency } = figures;
    const revenue = reads.revenue(figures);
    return revenue && currency ? { amount: Money.fromDecimal(revenue.toFixed(), currency).toString(), currency } : null;
  },
  engagementSeconds: numberOf(reads.engagementSeconds),
  engagementRate: numberOf(reads.engagementRate),
  averageSessionDuration: numberOf(reads.averageSessionDuration),
  keyEventRate: numberOf(reads.keyEventRate),
  metric: ({ further }, { name }) => further.get(name) ?? null,
  further: ({ further }) => [...further].map(([metric, value]) => ({ metric, value })),
};

type Compared = { metrics: Figures; previous: Figures };

const changeOf =
  (read: Read) =>
  ({ metrics, previous }: Compared) =>
    changeBetween(read(previous), read(metrics));

export const AnalyticsChange: AnalyticsChangeResolvers = {
  sessions: changeOf(reads.sessions),
  engagedSessions: changeOf(reads.engagedSessions),
  newUsers: changeOf(reads.newUsers),
  views: changeOf(reads.views),
  events: changeOf(reads.events),
  keyEvents: changeOf(reads.keyEvents),
  transactions: changeOf(reads.transactions),
  revenue: changeOf(reads.revenue),
  engagementRate: changeOf(reads.engagementRate),
  averageSessionDuration: changeOf(reads.averageSessionDuration),
  keyEventRate: changeOf(reads.keyEventRate),
  metric: (compared, { name }) => changeOf(({ further }) => decimalOf(further.get(name) ?? null))(compared),
};

const change = ({ metrics, previous }: AnalyticsTotalModel) => previous && { metrics, previous };

export const AnalyticsTotal: AnalyticsTotalResolvers = { change };

export const AnalyticsRow: AnalyticsRowResolvers = {
  client: ({ clientId }, _args, { clientById }) => (clientId ? clientById.load(clientId) : null),
  change,
};

export const AnalyticsField: AnalyticsFieldResolvers = {
  kind: ({ kind }) => (kind ? (kind.toUpperCase() as Uppercase<typeof kind>) : null),
  incompatibleWith: ({ account, name, kind }, _args, context) =>
    readIncompatible(context, account, kind ? { metric: name } : { dimension: name }),
};
