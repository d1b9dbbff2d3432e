import { useTranslations } from 'use-intl';
import type { PostRowsQuery } from '#dashboard/graph/generated/graphql.ts';
import type { Pages } from '#dashboard/graph/pages.ts';
import { useFigures } from '#dashboard/kit/figures.ts';
import type { Explained } from '#dashboard/kit/findings.tsx';
import { MeasuredTable } from '#dashboard/kit/measures/measured-table.tsx';
import type { useOrder } from '#dashboard/kit/measures/use-order.ts';
import { useDimensionNames } from '#dashboard/kit/use-dimension-names.ts';
import { columns } from './measures.ts';

type Posts = NonNullable<NonNullable<PostRowsQuery['organization']>['posts']>;
type Edge = Posts['edges'][number];

export interface RowsProps {
  order: Pick<ReturnType<typeof useOrder>, 'sort' | 'onSort'>;
  pages: Pages<PostRowsQuery, Edge>;
  onExplain: (explained: Explained) => void;
}

/** The posts. Where a post can be seen it is a link; other addresses than `https` are none. */
export function Rows({ order, pages, onExplain }: RowsProps) {
  const t = useTranslations('posts');
  const { time } = useFigures();
  const names = useDimensionNames();
  return (
    <MeasuredTable
      label={t('list')}
      pages={pages}
      keyOf={({ post, account }) => `${account?.id} ${post?.externalId}`}
      nameLabel={t('post')}
      nameOf={({ post }) => names.text(post?.text)}
      name={({ post }) =>
        post?.url.startsWith('https://') ? (
          <a className="line-link" href={post.url} target="_blank" rel="noreferrer">
            <bdi>{names.text(post.text)}</bdi>
          </a>
        ) : (
          <bdi>{names.text(post?.text)}</bdi>
        )
      }
      columns={[
        { key: 'posted', label: t('posted'), cell: ({ node }) => time(node.post?.createdAt) },
        {
          key: 'account',
          label: t('account'),
          cell: ({ node }) => (
            <span className="cell-cut" dir="auto">
              <bdi className="faint">{node.account?.name}</bdi>
            </span>
          ),
        },
      ]}
      measures={columns}
      {...order}
      onExplain={onExplain}
    />
  );
}
