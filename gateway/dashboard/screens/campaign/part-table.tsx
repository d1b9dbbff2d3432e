import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { CampaignStatus, PerformanceMetric } from '#dashboard/graph/generated/graphql.ts';
import { usePages } from '#dashboard/graph/pages.ts';
import type { Explained } from '#dashboard/kit/findings.tsx';
import type { Measured } from '#dashboard/kit/measures/measure.ts';
import { type MeasuredRow, MeasuredTable } from '#dashboard/kit/measures/measured-table.tsx';
import { useOrder } from '#dashboard/kit/measures/use-order.ts';
import { daysOf } from '#dashboard/kit/period.ts';
import { Empty } from '#dashboard/kit/states.tsx';
import type { Column } from '#dashboard/kit/table.tsx';
import { useQuestion } from '#dashboard/kit/use-search.ts';
import { measures } from '#dashboard/screens/campaigns/measures.ts';
import { StatusBadge } from '#dashboard/screens/campaigns/status-badge.tsx';
import type { DocumentTypes } from '#gateway/client/index.js';

interface Part extends Measured {
  externalId: string;
  status: CampaignStatus;
}

interface Connection<Node> {
  edges: readonly { cursor: string; node: Node }[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
  notOffered?: string | null;
  fault?: { message: string } | null;
}

/** What is measured of parts: providers say no cost per thousand impressions of them. */
const partMeasures = measures.filter(({ key }) => key !== 'cpm');

export interface PartTableProps<Data, Variables extends object, Node extends Part> {
  document: DocumentTypes<Data, Variables>;
  campaignId: string;
  adGroupId?: string;
  /** Called with the figure to explain. */
  onExplain: (explained: Explained) => void;
  connectionOf: (data: Data) => Connection<Node> | null | undefined;
  nameLabel: string;
  name: (node: NoInfer<Node>) => ReactNode;
  nameOf: (node: NoInfer<Node>) => string;
  /** The name of the ad group it is in; absent = it is in none. */
  adGroupOf?: (node: NoInfer<Node>) => string | null | undefined;
  columns?: readonly Column<MeasuredRow<NoInfer<Node>>>[];
}

/** The ad groups, ads or keywords of a campaign, or why its provider has none. */
export function PartTable<Data, Variables extends object, Node extends Part>(
  props: PartTableProps<Data, Variables, Node>,
) {
  const { document, campaignId, adGroupId, connectionOf, nameLabel, name, nameOf, adGroupOf, columns = [] } = props;
  const t = useTranslations('campaigns');
  const [question] = useQuestion();
  const { orderBy, ...order } = useOrder<PerformanceMetric>(partMeasures);
  const variables = { id: campaignId, ...daysOf(question), orderBy, first: 1000, ...(adGroupId && { adGroupId }) };
  const pages = usePages(document, variables as Variables, connectionOf);
  const inGroup: Column<MeasuredRow<Node>> = {
    key: 'adGroup',
    label: t('adGroup'),
    cell: ({ node }) => (
      <span className="cell-cut" dir="auto">
        <bdi className="faint">{adGroupOf?.(node) ?? '–'}</bdi>
      </span>
    ),
  };
  const connection = pages.query.data && connectionOf(pages.query.data.data);
  if (connection?.notOffered)
    return <Empty title={t('notOffered')} text={<span dir="auto">{connection.notOffered}</span>} />;
  return (
    <>
      {connection?.fault && (
        <p className="partial" dir="auto">
          {connection.fault.message}
        </p>
      )}
      <MeasuredTable
        label={nameLabel}
        pages={pages}
        keyOf={({ externalId }) => externalId}
        nameLabel={nameLabel}
        name={name}
        nameOf={nameOf}
        columns={[
          { key: 'status', label: t('status'), cell: ({ node }) => <StatusBadge status={node.status} /> },
          ...(pages.items.some((node) => adGroupOf?.(node)) ? [inGroup] : []),
          ...columns,
        ]}
        measures={partMeasures}
        {...order}
        onExplain={props.onExplain}
        emptyText={t('partsEmpty')}
      />
    </>
  );
}
