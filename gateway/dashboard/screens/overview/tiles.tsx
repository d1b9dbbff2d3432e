import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import type { OverviewTotalsQuery } from '#dashboard/graph/generated/graphql.ts';
import type { Answer } from '#dashboard/graph/query.ts';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Loaded } from '#dashboard/kit/panel.tsx';
import { Empty } from '#dashboard/kit/states.tsx';
import { Tile } from '#dashboard/kit/tile.tsx';

type Totals = NonNullable<NonNullable<OverviewTotalsQuery['organization']>['performance']>['totals'][number];

function CurrencyTiles({ total: { metrics, previous, change } }: { total: Totals }) {
  const t = useTranslations('overview');
  const { money, count, multiple } = useFigures();
  return (
    <dl className="tiles">
      <Tile
        label={t('cost')}
        value={money(metrics.cost, true)}
        exact={money(metrics.cost)}
        before={previous ? money(previous.cost, true) : undefined}
        percent={change?.cost?.percent}
      />
      <Tile
        label={t('conversions')}
        value={count(metrics.conversions, true)}
        exact={count(metrics.conversions)}
        before={previous ? count(previous.conversions, true) : undefined}
        percent={change?.conversions?.percent}
        isMoreBetter
      />
      <Tile
        label={t('value')}
        value={money(metrics.conversionValue, true)}
        exact={money(metrics.conversionValue)}
        before={previous ? money(previous.conversionValue, true) : undefined}
        percent={change?.conversionValue?.percent}
        isMoreBetter
      />
      <Tile
        label={t('cpa')}
        value={money(metrics.cpa, true)}
        exact={money(metrics.cpa)}
        before={previous ? money(previous.cpa, true) : undefined}
        percent={change?.cpa?.percent}
        isMoreBetter={false}
      />
      <Tile
        label={t('roas')}
        value={multiple(metrics.roas)}
        before={previous ? multiple(previous.roas) : undefined}
        percent={change?.roas?.percent}
        isMoreBetter
      />
      <Tile
        label={t('clicks')}
        value={count(metrics.clicks, true)}
        exact={count(metrics.clicks)}
        before={previous ? count(previous.clicks, true) : undefined}
        percent={change?.clicks?.percent}
        isMoreBetter
      />
    </dl>
  );
}

/** The sums with their changes: a row of tiles for each currency, of which there is one when amounts are converted. */
export function Tiles({ query }: { query: UseQueryResult<Answer<OverviewTotalsQuery>, Error> }) {
  const t = useTranslations('overview');
  return (
    <Loaded query={query} lines={3}>
      {({ organization }) => {
        const totals = organization?.performance?.totals ?? [];
        if (organization?.performance && organization.performance.sources.length === 0)
          return <Empty title={t('emptyTitle')} text={t('emptyText')} />;
        return totals.map((total) => <CurrencyTiles key={total.currency} total={total} />);
      }}
    </Loaded>
  );
}
