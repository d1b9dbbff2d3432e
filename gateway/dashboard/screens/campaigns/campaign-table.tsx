import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import type { CampaignRowsQuery } from '#dashboard/graph/generated/graphql.ts';
import type { Pages } from '#dashboard/graph/pages.ts';
import type { Explained } from '#dashboard/kit/findings.tsx';
import { type MeasuredRow, MeasuredTable } from '#dashboard/kit/measures/measured-table.tsx';
import type { Column } from '#dashboard/kit/table.tsx';
import { measures } from './measures.ts';
import { StatusBadge } from './status-badge.tsx';
import { BLOCK_SIZE, Trend } from './trend.tsx';
import type { CampaignSearch } from './use-campaign-search.ts';
import { useProviderWords } from './use-provider-words.ts';

type Performance = NonNullable<NonNullable<CampaignRowsQuery['organization']>['performance']>;
export type Edge = Performance['edges'][number];

export interface CampaignTableProps {
  search: CampaignSearch;
  pages: Pages<CampaignRowsQuery, Edge>;
  onExplain: (explained: Explained) => void;
}

/** The campaigns, each a link to its own screen, with the columns that are chosen. */
export function CampaignTable({ search, pages, onExplain }: CampaignTableProps) {
  const t = useTranslations('campaigns');
  const words = useProviderWords();
  const { shown, order, variables } = search;
  const isShown = ({ key }: { key: string }) => (shown as string[]).includes(key);
  const range = pages.query.data?.data.organization?.performance?.range;
  const columns: Column<MeasuredRow<Edge['node']>>[] = [
    {
      key: 'trend',
      label: t('trend'),
      cell: ({ node: { campaign }, index }) =>
        range &&
        campaign && <Trend campaignId={campaign.id} after={cursorBefore(index)} variables={variables} days={range} />,
    },
    { key: 'status', label: t('status'), cell: ({ node }) => <StatusBadge status={node.campaign?.status} /> },
    {
      key: 'account',
      label: t('account'),
      cell: ({ node: { account } }) => (
        <span className="cell-cut" dir="auto">
          {account?.provider.name} <span className="faint">· </span>
          <bdi className="faint">{account?.name}</bdi>
        </span>
      ),
    },
    {
      key: 'type',
      label: t('type'),
      cell: ({ node: { campaign } }) => <span className="faint">{campaign?.type ? words(campaign.type) : '–'}</span>,
    },
  ];
  const cursorBefore = (index: number) => pages.edges[index - (index % BLOCK_SIZE) - 1]?.cursor;
  const nameOf = ({ campaign }: Edge['node']) => campaign?.name || t('noName');
  return (
    <MeasuredTable
      label={t('list')}
      pages={pages}
      keyOf={({ campaign, currency }) => `${campaign?.id} ${currency}`}
      nameLabel={t('campaign')}
      nameOf={nameOf}
      name={(node) => (
        <Link
          to={'/app/campaigns/$campaignId' as never}
          params={{ campaignId: node.campaign?.id } as never}
          search={((before: object) => before) as never}
        >
          <bdi>{nameOf(node)}</bdi>
        </Link>
      )}
      columns={columns.filter(isShown)}
      measures={measures.filter(isShown)}
      {...order}
      onExplain={onExplain}
      emptyTitle={t('emptyTitle')}
      emptyText={t('emptyText')}
    />
  );
}
