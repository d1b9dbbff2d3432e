import { useTranslations } from 'use-intl';
import type { AnalyticsRowsQuery } from '#dashboard/graph/generated/graphql.ts';
import type { Pages } from '#dashboard/graph/pages.ts';
import type { Explained } from '#dashboard/kit/findings.tsx';
import { MeasuredTable } from '#dashboard/kit/measures/measured-table.tsx';
import type { useOrder } from '#dashboard/kit/measures/use-order.ts';
import { useDimensionNames } from '#dashboard/kit/use-dimension-names.ts';
import type { Dimension } from './dimensions.ts';
import { measures } from './measures.ts';

type Analytics = NonNullable<NonNullable<AnalyticsRowsQuery['organization']>['analytics']>;
type Edge = Analytics['edges'][number];

export interface RowsProps {
  by: Dimension;
  order: Pick<ReturnType<typeof useOrder>, 'sort' | 'onSort'>;
  pages: Pages<AnalyticsRowsQuery, Edge>;
  onExplain: (explained: Explained) => void;
}

/** The visits by a dimension. */
export function Rows({ by, order, pages, onExplain }: RowsProps) {
  const t = useTranslations('analytics');
  const names = useDimensionNames();
  const nameOf = (node: Edge['node']) => {
    if (by === 'COUNTRY') return names.country(node.country);
    if (by === 'DEVICE') return names.device(node.device);
    const { channel, sourceMedium, campaign, landingPage, page, event, account } = node;
    return names.text(channel ?? sourceMedium ?? campaign ?? landingPage ?? page ?? event ?? account?.name);
  };
  // Amounts of several currencies do not add up: the API has none then.
  const hasRevenue = pages.items.some(({ metrics }) => metrics.revenue);
  return (
    <MeasuredTable
      label={t('list')}
      pages={pages}
      keyOf={({ country, device, account, ...node }) =>
        JSON.stringify([country, device, account?.id, nameOf({ ...node, country, device, account })])
      }
      nameLabel={t(`by.${by}`)}
      nameOf={nameOf}
      name={(node) => <bdi>{nameOf(node)}</bdi>}
      measures={hasRevenue ? measures : measures.filter(({ key }) => key !== 'revenue')}
      {...order}
      onExplain={onExplain}
    />
  );
}
