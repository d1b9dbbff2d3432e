import type { SearchMetricsModel } from '#integrations/models.js';
import type {
  SearchChangeResolvers,
  SearchMetricsResolvers,
  SearchQueryRowResolvers,
  SearchTotalResolvers,
} from '#integrations/resolver-types.js';
import { decimalOf, quotient } from '#integrations/services/figures/metric-change.js';
import type { SearchMetric } from '#integrations/services/search/search-shape.js';
import { explainWith } from './explain.js';
import { change, changesOf, client, metricsOf, type ReadMetric } from './grouped-figures.js';

const ratios = {
  ctr: ({ clicks, impressions }) => quotient(clicks, impressions),
  position: ({ positions, impressions }) => quotient(positions, impressions),
} satisfies Record<string, ReadMetric<SearchMetricsModel>>;

export const SearchMetrics: SearchMetricsResolvers = {
  clicks: ({ clicks }) => Number(clicks),
  impressions: ({ impressions }) => Number(impressions),
  ...metricsOf(ratios),
};

const reads = {
  clicks: ({ clicks }: SearchMetricsModel) => decimalOf(clicks),
  impressions: ({ impressions }: SearchMetricsModel) => decimalOf(impressions),
  ...ratios,
};

export const SearchChange: SearchChangeResolvers = changesOf(reads);

const explain = explainWith<SearchMetric, SearchMetricsModel>(reads);

export const SearchTotal: SearchTotalResolvers = { change, explain };
export const SearchQueryRow: SearchQueryRowResolvers = { change, client, explain };
