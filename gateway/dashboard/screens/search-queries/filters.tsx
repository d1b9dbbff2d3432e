import { useCallback } from 'react';
import { useTranslations } from 'use-intl';
import { SearchField } from '#dashboard/kit/search-field.tsx';
import { Select } from '#dashboard/kit/select.tsx';
import { dimensions, type QuerySearch } from './use-query-search.ts';

/** What rows are grouped by, and which queries count. */
export function Filters({ search: { search, change } }: { search: QuerySearch }) {
  const t = useTranslations('queries');
  const tFigures = useTranslations('figures');
  const changeSearch = useCallback(
    (text: string | undefined) => void change({ search: text }, { replace: true }),
    [change],
  );
  const changeWithout = useCallback(
    (text: string | undefined) => void change({ without: text }, { replace: true }),
    [change],
  );
  return (
    <search className="filters">
      <SearchField label={t('search')} placeholder={t('searchHint')} value={search.search} onChange={changeSearch} />
      <SearchField
        label={t('without')}
        placeholder={t('withoutHint')}
        value={search.without}
        onChange={changeWithout}
      />
      <Select
        label={tFigures('groupBy')}
        value={search.by}
        options={dimensions.map((value) => ({ value, label: t(`by.${value}`) }))}
        onChange={(by) => void change({ by })}
      />
    </search>
  );
}
