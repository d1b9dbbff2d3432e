import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import {
  ExplainPostDocument,
  PostDaysDocument,
  type PostMetric,
  PostRowsDocument,
  PostTotalsDocument,
} from '#dashboard/graph/generated/graphql.ts';
import { usePages } from '#dashboard/graph/pages.ts';
import { ask } from '#dashboard/graph/query.ts';
import { type Explained, Explanation } from '#dashboard/kit/findings.tsx';
import { FigurePage } from '#dashboard/kit/measures/figure-page.tsx';
import { useOrder } from '#dashboard/kit/measures/use-order.ts';
import { Panel } from '#dashboard/kit/panel.tsx';
import { figuresOf } from '#dashboard/kit/period.ts';
import { SearchField } from '#dashboard/kit/search-field.tsx';
import { useQuestion } from '#dashboard/kit/use-search.ts';
import { useTextSearch } from '#dashboard/kit/use-text-search.ts';
import { columns, lines, measures, tiles } from './measures.ts';
import { Rows } from './rows.tsx';

/** What was posted in a period, and what it achieved to date. */
export function Screen() {
  const t = useTranslations('posts');
  const [explained, explain] = useState<Explained>();
  const [question] = useQuestion();
  const [search, changeText] = useTextSearch();
  const { orderBy, ...order } = useOrder<PostMetric>(columns);
  const { currency: _, compareTo, filter, ...period } = figuresOf(question);
  const variables = { ...period, filter: { ...filter, textContains: search } };
  const totals = useQuery(ask(PostTotalsDocument, { ...variables, compareTo }));
  const days = useQuery(ask(PostDaysDocument, variables));
  const pages = usePages(
    PostRowsDocument,
    { ...variables, orderBy, first: 1000 },
    ({ organization }) => organization?.posts,
  );
  return (
    <FigurePage
      title={t('title')}
      emptyText={t('emptyAccounts')}
      tiles={tiles}
      lines={lines}
      totals={totals}
      summaryOf={({ organization }) => organization?.posts}
      days={days}
      edgesOf={({ organization }) => organization?.posts?.edges}
      onExplain={(measure) => explain({ measure })}
      note={t('toDate')}
    >
      <Panel
        title={t('list')}
        className="figures-full"
        actions={
          <search className="filters">
            <SearchField label={t('search')} placeholder={t('searchHint')} value={search} onChange={changeText} />
          </search>
        }
      >
        <Rows order={order} pages={pages} onExplain={explain} />
      </Panel>
      {explained && (
        <Explanation
          measures={explained.row ? columns : measures}
          explained={explained}
          questionOf={({ metric, ...which }) =>
            ask(ExplainPostDocument, { ...variables, ...which, orderBy, metric: metric as PostMetric })
          }
          findingsOf={({ organization }) =>
            (organization?.posts?.totals ?? organization?.posts?.edges?.[0]?.node)?.explain
          }
          onChange={explain}
        />
      )}
    </FigurePage>
  );
}
