import { Counter } from 'prom-client';
import { FigureSource, figureGauge } from './figure-source.js';
import { boundLabel, registry } from './registry.js';

const MAX_PROVIDERS = 50;

/** The connections of all organizations with one provider. */
export interface ConnectionFigures {
  provider: string;
  byStatus: Record<string, number>;
  /** With a connection that is not given up. */
  organizations: number;
  /** Of those, whose connection fails for a reason that no member can mend. */
  failingOrganizations: number;
  /** Connections whose access token ended and was not renewed. */
  overdueTokens: number;
}

const source = new FigureSource<ConnectionFigures[]>();

/** Shows the connections in the metrics, read on each scrape; undefined = no longer. */
export function watchConnections(reader: (() => Promise<ConnectionFigures[]>) | undefined): void {
  source.watch(reader);
}

/** Returns the figures; undefined while they cannot be read, or where integrations runs elsewhere. */
export const readConnections = (): Promise<ConnectionFigures[] | undefined> => source.read();

figureGauge(source, {
  name: 'webmetrics_connections',
  help: 'Connections of all organizations, by provider and status.',
  labelNames: ['provider', 'status'],
  samples: (figures) =>
    figures.flatMap(({ provider, byStatus }) =>
      Object.entries(byStatus).map(([status, value]) => ({ labels: { provider, status }, value })),
    ),
});

function gauge(name: string, help: string, figureOf: (figures: ConnectionFigures) => number): void {
  const samples = (figures: ConnectionFigures[]) =>
    figures.map((one) => ({ labels: { provider: one.provider }, value: figureOf(one) }));
  figureGauge(source, { name, help, labelNames: ['provider'], samples });
}

gauge(
  'webmetrics_connected_organizations',
  'Organizations that have a connection with the provider.',
  ({ organizations }) => organizations,
);
gauge(
  'webmetrics_failing_organizations',
  'Organizations whose connection with the provider fails for a reason that no member can mend.',
  ({ failingOrganizations }) => failingOrganizations,
);
gauge(
  'webmetrics_overdue_tokens',
  'Connections whose access token ended and was not renewed.',
  ({ overdueTokens }) => overdueTokens,
);

const renewals = new Counter({
  name: 'webmetrics_token_renewals_total',
  help: 'Renewals of access tokens at providers: renewed, refused (the user must connect again), or failed.',
  labelNames: ['provider', 'outcome'],
  registers: [registry],
});

const providerLabel = boundLabel(MAX_PROVIDERS);

/** Counts a renewal of an access token. */
export function observeTokenRenewal(provider: string, outcome: 'renewed' | 'refused' | 'failed'): void {
  renewals.inc({ provider: providerLabel(provider), outcome });
}
