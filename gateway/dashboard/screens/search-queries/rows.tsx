import { useTranslations } from 'use-intl';
import type { SearchRowsQuery } from '#dashboard/graph/generated/graphql.ts';
import type { Pages } from '#dashboard/graph/pages.ts';
import type { Explained } from '#dashboard/kit/findings.tsx';
import { MeasuredTable } from '#dashboard/kit/measures/measured-table.tsx';
import { useDimensionNames } from '#dashboard/kit/use-dimension-names.ts';
import { measures } from './measures.ts';
import type { QuerySearch } from './use-query-search.ts';

type SearchQueries = NonNullable<NonNullable<SearchRowsQuery['organization']>['searchQueries']>;
type Edge = SearchQueries['edges'][number];

export interface RowsProps {
  search: QuerySearch;
  pages: Pages<SearchRowsQuery, Edge>;
  onExplain: (explained: Explained) => void;
}

/** The results by query, page, country, device or site. */
export function Rows({ search: { search, order }, pages, onExplain }: RowsProps) {
  const t = useTranslations('queries');
  const names = useDimensionNames();
  const nameOf = ({ query, page, country, device, account }: Edge['node']) => {
    if (search.by === 'COUNTRY') return names.country(country);
    if (search.by === 'DEVICE') return names.device(device);
    return names.text(query ?? page ?? account?.name);
  };
  return (
    <MeasuredTable
      label={t('list')}
      pages={pages}
      keyOf={({ query, page, country, device, account }) => JSON.stringify([query, page, country, device, account?.id])}
      nameLabel={t(`by.${search.by}`)}
      nameOf={nameOf}
      name={(node) => <bdi>{nameOf(node)}</bdi>}
      measures={measures}
      {...order}
      onExplain={onExplain}
    />
  );
}
