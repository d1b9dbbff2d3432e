import { CircleHelp } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { Pages } from '#dashboard/graph/pages.ts';
import { Button } from '#dashboard/kit/button.tsx';
import type { Explained } from '#dashboard/kit/findings.tsx';
import { LoadMore } from '#dashboard/kit/load-more.tsx';
import { Loaded } from '#dashboard/kit/panel.tsx';
import { Empty } from '#dashboard/kit/states.tsx';
import { type Column, type Sort, Table } from '#dashboard/kit/table.tsx';
import type { Measure, Measured } from './measure.ts';
import { useMeasureColumns } from './measure-columns.tsx';

/** A row with its place in the list. */
export interface MeasuredRow<Node> {
  node: Node;
  index: number;
}

export interface MeasuredTableProps<Data, Node> {
  /** What it lists, for screen readers. */
  label: string;
  pages: Pages<Data, { cursor: string; node: Node }>;
  keyOf: (node: Node) => string;
  nameLabel: string;
  /** The name of a row as it is shown; its text is `nameOf`. */
  name: (node: Node) => ReactNode;
  nameOf: (node: Node) => string;
  /** Between the name and the figures. */
  columns?: readonly Column<MeasuredRow<Node>>[];
  /** Those that are shown. */
  measures: readonly Measure[];
  /** By what the API has ordered; of this measure the changes are shown, too. */
  sort: Sort;
  onSort: (sort: Sort) => void;
  /** Called with the figure to explain; absent = none can be. */
  onExplain?: (explained: Explained) => void;
  emptyTitle?: string;
  emptyText?: string;
}

/** Rows with figures. A figure is explained by a click on it, or by the button of its row. */
export function MeasuredTable<Data, Node extends Measured>(props: MeasuredTableProps<Data, Node>) {
  const { label, pages, keyOf, nameLabel, name, nameOf, columns = [], measures, sort, onSort, onExplain } = props;
  const t = useTranslations('figures');
  const { edges } = pages;
  const explain = ({ node, index }: MeasuredRow<Node>, measure: Measure | undefined) =>
    measure && onExplain?.({ measure, row: { name: nameOf(node), after: edges[index - 1]?.cursor } });
  const figures = useMeasureColumns<MeasuredRow<Node>>(measures, {
    measuredOf: ({ node }) => node,
    changeOf: sort.key,
    onExplain: onExplain && explain,
  });
  const explained = measures.find(({ key }) => key === sort.key) ?? measures[0];
  const explainColumn: Column<MeasuredRow<Node>> = {
    key: 'explain',
    label: t('explain'),
    cell: (row) => (
      <Button
        look="quiet"
        className="button-small"
        icon={<CircleHelp aria-hidden size={16} />}
        aria-label={`${t('explain')}: ${nameOf(row.node)}`}
        onClick={() => explain(row, explained)}
      />
    ),
  };
  const all: Column<MeasuredRow<Node>>[] = [
    {
      key: 'name',
      label: nameLabel,
      isName: true,
      cell: ({ node }) => (
        <span className="cell-name" dir="auto">
          {name(node)}
        </span>
      ),
    },
    ...columns,
    ...figures,
    ...(onExplain ? [explainColumn] : []),
  ];
  return (
    <Loaded query={pages.query} lines={12}>
      {() =>
        edges.length === 0 ? (
          <Empty title={props.emptyTitle ?? t('emptyTitle')} text={props.emptyText ?? t('emptyText')} />
        ) : (
          <>
            <Table
              label={label}
              rows={edges.map(({ node }, index) => ({ node, index }))}
              keyOf={({ node }) => keyOf(node)}
              columns={all}
              sort={sort}
              onSort={onSort}
            />
            <LoadMore list={pages} />
          </>
        )
      }
    </Loaded>
  );
}
