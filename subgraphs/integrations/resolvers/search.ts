import type Big from 'big.js';
import type { SearchMetricsModel, SearchTotalModel } from '#integrations/models.js';
import type {
  SearchChangeResolvers,
  SearchMetricsResolvers,
  SearchQueryRowResolvers,
  SearchTotalResolvers,
} from '#integrations/resolver-types.js';
import { changeBetween, decimalOf, quotient } from '#integrations/services/figures/metric-change.js';

type Sums = SearchMetricsModel;

const ctr = ({ clicks, impressions }: Sums) => quotient(clicks, impressions);
const position = ({ positions, impressions }: Sums) => quotient(positions, impressions);

const numberOf = (ratio: Big | null) => ratio && Number(ratio);

export const SearchMetrics: SearchMetricsResolvers = {
  clicks: ({ clicks }) => Number(clicks),
  impressions: ({ impressions }) => Number(impressions),
  ctr: (sums) => numberOf(ctr(sums)),
  position: (sums) => numberOf(position(sums)),
};

const changeOf =
  (read: (sums: Sums) => Big | null) =>
  ({ metrics, previous }: { metrics: Sums; previous: Sums }) =>
    changeBetween(read(previous), read(metrics));

export const SearchChange: SearchChangeResolvers = {
  clicks: changeOf(({ clicks }) => decimalOf(clicks)),
  impressions: changeOf(({ impressions }) => decimalOf(impressions)),
  ctr: changeOf(ctr),
  position: changeOf(position),
};

const change = ({ metrics, previous }: SearchTotalModel) => previous && { metrics, previous };

export const SearchTotal: SearchTotalResolvers = { change };

export const SearchQueryRow: SearchQueryRowResolvers = {
  client: ({ clientId }, _args, { clientById }) => (clientId ? clientById.load(clientId) : null),
  change,
};
