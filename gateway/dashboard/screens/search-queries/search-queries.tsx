import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import {
  ExplainSearchDocument,
  SearchDaysDocument,
  type SearchMetric,
  SearchRowsDocument,
} from '#dashboard/graph/generated/graphql.ts';
import { usePages } from '#dashboard/graph/pages.ts';
import { ask } from '#dashboard/graph/query.ts';
import { type Explained, Explanation } from '#dashboard/kit/findings.tsx';
import { FigurePage } from '#dashboard/kit/measures/figure-page.tsx';
import { Panel } from '#dashboard/kit/panel.tsx';
import { Filters } from './filters.tsx';
import { lines, measures } from './measures.ts';
import { Rows } from './rows.tsx';
import { useQuerySearch } from './use-query-search.ts';

/** What people searched for on Google before they saw or opened the sites. */
export function Screen() {
  const t = useTranslations('queries');
  const [explained, explain] = useState<Explained>();
  const search = useQuerySearch();
  const { variables, compareTo, groupBy, orderBy } = search;
  const days = useQuery(ask(SearchDaysDocument, variables));
  const pages = usePages(
    SearchRowsDocument,
    { ...variables, compareTo, groupBy, orderBy, first: 1000 },
    ({ organization }) => organization?.searchQueries,
  );
  return (
    <FigurePage
      title={t('title')}
      emptyText={t('emptyAccounts')}
      tiles={measures}
      lines={lines}
      totals={pages.query}
      summaryOf={({ organization }) => organization?.searchQueries}
      days={days}
      edgesOf={({ organization }) => organization?.searchQueries?.edges}
      onExplain={(measure) => explain({ measure })}
    >
      <Panel title={t('list')} actions={<Filters search={search} />} className="figures-full">
        <Rows search={search} pages={pages} onExplain={explain} />
      </Panel>
      {explained && (
        <Explanation
          measures={measures}
          explained={explained}
          questionOf={({ metric, ...which }) =>
            ask(ExplainSearchDocument, { ...variables, ...which, groupBy, orderBy, metric: metric as SearchMetric })
          }
          findingsOf={({ organization }) =>
            (organization?.searchQueries?.totals ?? organization?.searchQueries?.edges?.[0]?.node)?.explain
          }
          onChange={explain}
        />
      )}
    </FigurePage>
  );
}
