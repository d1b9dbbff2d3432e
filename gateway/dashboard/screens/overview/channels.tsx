import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { OverviewChannelsDocument, type OverviewChannelsQuery } from '#dashboard/graph/generated/graphql.ts';
import { ask } from '#dashboard/graph/query.ts';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import type { figuresOf } from '#dashboard/kit/period.ts';
import { Table } from '#dashboard/kit/table.tsx';
import { Change } from '#dashboard/kit/tile.tsx';

type Row = NonNullable<NonNullable<OverviewChannelsQuery['organization']>['performance']>['edges'][number]['node'];

function Rows({ rows }: { rows: Row[] }) {
  const t = useTranslations('overview');
  const { money, count, multiple } = useFigures();
  const sums = new Map<string, number>();
  for (const { currency, metrics } of rows) sums.set(currency, (sums.get(currency) ?? 0) + Number(metrics.cost.amount));
  const share = ({ currency, metrics }: Row) => Number(metrics.cost.amount) / (sums.get(currency) || 1);
  return (
    <Table
      label={t('channels')}
      rows={rows}
      keyOf={({ provider, currency }) => `${provider?.id} ${currency}`}
      columns={[
        { key: 'channel', label: t('channel'), isName: true, cell: ({ provider }) => provider?.name },
        { key: 'cost', label: t('cost'), isFigure: true, cell: ({ metrics }) => money(metrics.cost) },
        {
          key: 'share',
          label: t('share'),
          cell: (row) => <meter className="share" min={0} max={1} value={share(row)} aria-label={t('share')} />,
        },
        {
          key: 'conversions',
          label: t('conversions'),
          isFigure: true,
          cell: ({ metrics, change }) => (
            <span className="with-change">
              {count(metrics.conversions)} <Change percent={change?.conversions?.percent} isMoreBetter />
            </span>
          ),
        },
        { key: 'cpa', label: t('cpa'), isFigure: true, cell: ({ metrics }) => money(metrics.cpa) },
        { key: 'roas', label: t('roas'), isFigure: true, cell: ({ metrics }) => multiple(metrics.roas) },
      ]}
    />
  );
}

/** What each provider cost and achieved. */
export function Channels({ figures }: { figures: ReturnType<typeof figuresOf> }) {
  const t = useTranslations('overview');
  const query = useQuery(ask(OverviewChannelsDocument, figures));
  return (
    <Panel title={t('channels')} className="overview-wide">
      <Loaded query={query} lines={5}>
        {({ organization }) => <Rows rows={organization?.performance?.edges.map(({ node }) => node) ?? []} />}
      </Loaded>
    </Panel>
  );
}
