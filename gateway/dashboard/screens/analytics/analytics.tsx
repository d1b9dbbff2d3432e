import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import * as z from 'zod/mini';
import {
  AnalyticsDaysDocument,
  type AnalyticsMetric,
  AnalyticsRowsDocument,
  ExplainAnalyticsDocument,
} from '#dashboard/graph/generated/graphql.ts';
import { usePages } from '#dashboard/graph/pages.ts';
import { ask } from '#dashboard/graph/query.ts';
import { type Explained, Explanation } from '#dashboard/kit/findings.tsx';
import { FigurePage } from '#dashboard/kit/measures/figure-page.tsx';
import { useOrder } from '#dashboard/kit/measures/use-order.ts';
import { Panel } from '#dashboard/kit/panel.tsx';
import { figuresOf } from '#dashboard/kit/period.ts';
import { Select } from '#dashboard/kit/select.tsx';
import { useQuestion, useSearchOf } from '#dashboard/kit/use-search.ts';
import { dimensions } from './dimensions.ts';
import { lines, measures, tiles } from './measures.ts';
import { Rows } from './rows.tsx';

const schema = z.object({ by: z.catch(z.enum(dimensions), 'CHANNEL') });

/** What visitors did on the sites, as Google Analytics measured it. */
export function Screen() {
  const t = useTranslations('analytics');
  const tFigures = useTranslations('figures');
  const [explained, explain] = useState<Explained>();
  const [question] = useQuestion();
  const [{ by }, change] = useSearchOf(schema);
  const { orderBy, ...order } = useOrder<AnalyticsMetric>(measures);
  const { currency: _, compareTo, ...variables } = figuresOf(question);
  const grouped = { ...variables, groupBy: [by], orderBy };
  const days = useQuery(ask(AnalyticsDaysDocument, variables));
  const pages = usePages(
    AnalyticsRowsDocument,
    { ...grouped, compareTo, first: 1000 },
    ({ organization }) => organization?.analytics,
  );
  const sources = pages.query.data?.data.organization?.analytics?.sources ?? [];
  const isEstimated = sources.some(
    ({ quality }) => quality && (quality.isSampled || quality.isThresholded || quality.hasOtherRow),
  );
  return (
    <FigurePage
      title={t('title')}
      emptyText={t('emptyAccounts')}
      tiles={tiles}
      lines={lines}
      totals={pages.query}
      summaryOf={({ organization }) => organization?.analytics}
      days={days}
      edgesOf={({ organization }) => organization?.analytics?.edges}
      onExplain={(measure) => explain({ measure })}
      note={isEstimated && t('quality')}
    >
      <Panel
        title={t('list')}
        className="figures-full"
        actions={
          <Select
            label={tFigures('groupBy')}
            value={by}
            options={dimensions.map((value) => ({ value, label: t(`by.${value}`) }))}
            onChange={(value) => void change({ by: value })}
          />
        }
      >
        <Rows by={by} order={order} pages={pages} onExplain={explain} />
      </Panel>
      {explained && (
        <Explanation
          measures={measures}
          explained={explained}
          questionOf={({ metric, ...which }) =>
            ask(ExplainAnalyticsDocument, { ...grouped, ...which, metric: metric as AnalyticsMetric })
          }
          findingsOf={({ organization }) =>
            (organization?.analytics?.totals ?? organization?.analytics?.edges?.[0]?.node)?.explain
          }
          onChange={explain}
        />
      )}
    </FigurePage>
  );
}
