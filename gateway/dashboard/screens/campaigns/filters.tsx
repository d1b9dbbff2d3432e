import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslations } from 'use-intl';
import type { CampaignStatus } from '#dashboard/graph/generated/graphql.ts';
import { ask } from '#dashboard/graph/query.ts';
import { ColumnPicker } from '#dashboard/kit/column-picker.tsx';
import { SearchField } from '#dashboard/kit/search-field.tsx';
import { Select } from '#dashboard/kit/select.tsx';
import { ListProviders } from '#gateway/client/generated/connections.js';
import { measures } from './measures.ts';
import { type CampaignSearch, furtherColumns, statuses } from './use-campaign-search.ts';

const ALL = 'all' as const;

/** Narrows the list, and chooses its columns. Everything stands in the address. */
export function Filters({ search: { search, change, shown } }: { search: CampaignSearch }) {
  const t = useTranslations('campaigns');
  const tMeasure = useTranslations('measures');
  const { data: answer } = useQuery({ ...ask(ListProviders, {}), staleTime: Number.POSITIVE_INFINITY });
  const providers = (answer?.data.providers ?? []).filter(({ products }) => products.includes('campaigns'));
  const all = { value: ALL, label: t('all') };
  const changeText = useCallback(
    (text: string | undefined) => void change({ search: text }, { replace: true }),
    [change],
  );
  return (
    <search className="filters">
      <SearchField label={t('search')} placeholder={t('searchHint')} value={search.search} onChange={changeText} />
      <Select<CampaignStatus | typeof ALL>
        label={t('status')}
        value={search.status ?? ALL}
        options={[all, ...statuses.map((value) => ({ value, label: t(`statuses.${value}`) }))]}
        onChange={(value) => void change({ status: value === ALL ? undefined : value })}
      />
      <Select
        label={t('provider')}
        value={search.provider ?? ALL}
        options={[all, ...providers.map(({ id, name }) => ({ value: id, label: name }))]}
        onChange={(value) => void change({ provider: value === ALL ? undefined : value })}
      />
      <ColumnPicker
        columns={[
          ...furtherColumns.map((key) => ({ key, label: t(key) })),
          ...measures.map(({ key }) => ({ key, label: tMeasure(key) })),
        ]}
        shown={shown}
        onChange={(columns) => void change({ columns: columns.join(',') })}
      />
    </search>
  );
}
