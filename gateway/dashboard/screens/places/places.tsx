import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import {
  ExplainPlaceDocument,
  PlaceDaysDocument,
  type PlaceMetric,
  PlaceRowsDocument,
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
import { lines, measures, tiles } from './measures.ts';
import { Rows } from './rows.tsx';

/** How often the places of the business were seen, opened, called and navigated to. */
export function Screen() {
  const t = useTranslations('places');
  const [explained, explain] = useState<Explained>();
  const [question] = useQuestion();
  const [search, changeText] = useTextSearch();
  const { orderBy, ...order } = useOrder<PlaceMetric>(measures);
  const { currency: _, compareTo, filter, ...period } = figuresOf(question);
  const variables = { ...period, filter: { ...filter, nameContains: search } };
  const days = useQuery(ask(PlaceDaysDocument, variables));
  const pages = usePages(
    PlaceRowsDocument,
    { ...variables, compareTo, orderBy, first: 1000 },
    ({ organization }) => organization?.places,
  );
  return (
    <FigurePage
      title={t('title')}
      emptyText={t('emptyAccounts')}
      tiles={tiles}
      lines={lines}
      totals={pages.query}
      summaryOf={({ organization }) => organization?.places}
      days={days}
      edgesOf={({ organization }) => organization?.places?.edges}
      onExplain={(measure) => explain({ measure })}
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
          measures={measures}
          explained={explained}
          questionOf={({ metric, ...which }) =>
            ask(ExplainPlaceDocument, { ...variables, ...which, orderBy, metric: metric as PlaceMetric })
          }
          findingsOf={({ organization }) =>
            (organization?.places?.totals ?? organization?.places?.edges?.[0]?.node)?.explain
          }
          onChange={explain}
        />
      )}
    </FigurePage>
  );
}
