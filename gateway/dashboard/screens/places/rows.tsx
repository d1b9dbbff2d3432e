import { useTranslations } from 'use-intl';
import type { PlaceRowsQuery } from '#dashboard/graph/generated/graphql.ts';
import type { Pages } from '#dashboard/graph/pages.ts';
import type { Explained } from '#dashboard/kit/findings.tsx';
import { MeasuredTable } from '#dashboard/kit/measures/measured-table.tsx';
import type { useOrder } from '#dashboard/kit/measures/use-order.ts';
import { useDimensionNames } from '#dashboard/kit/use-dimension-names.ts';
import { measures } from './measures.ts';

type Places = NonNullable<NonNullable<PlaceRowsQuery['organization']>['places']>;
type Edge = Places['edges'][number];

export interface RowsProps {
  order: Pick<ReturnType<typeof useOrder>, 'sort' | 'onSort'>;
  pages: Pages<PlaceRowsQuery, Edge>;
  onExplain: (explained: Explained) => void;
}

/** The places with their addresses; those without figures, too. */
export function Rows({ order, pages, onExplain }: RowsProps) {
  const t = useTranslations('places');
  const names = useDimensionNames();
  return (
    <MeasuredTable
      label={t('list')}
      pages={pages}
      keyOf={({ place, account }) => `${account?.id} ${place?.externalId}`}
      nameLabel={t('place')}
      nameOf={({ place }) => names.text(place?.name)}
      name={({ place }) => <bdi>{names.text(place?.name)}</bdi>}
      columns={[
        {
          key: 'address',
          label: t('address'),
          cell: ({ node: { place } }) => (
            <span className="cell-cut" dir="auto">
              {place?.isOpen === false && <span className="badge badge-warning">{t('closed')}</span>}{' '}
              <bdi className="faint">{place?.address}</bdi>
            </span>
          ),
        },
      ]}
      measures={measures}
      {...order}
      onExplain={onExplain}
    />
  );
}
