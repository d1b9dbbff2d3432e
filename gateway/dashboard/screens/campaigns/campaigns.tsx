import './campaigns.css';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { CampaignRowsDocument } from '#dashboard/graph/generated/graphql.ts';
import { usePages } from '#dashboard/graph/pages.ts';
import type { Explained } from '#dashboard/kit/findings.tsx';
import { MeasureTiles } from '#dashboard/kit/measures/measure-tiles.tsx';
import { Page } from '#dashboard/kit/page.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { PeriodPicker } from '#dashboard/kit/period-picker.tsx';
import { useRangeText } from '#dashboard/kit/range-text.ts';
import { Sources } from '#dashboard/kit/sources.tsx';
import { CampaignExplanation } from './campaign-explanation.tsx';
import { CampaignTable } from './campaign-table.tsx';
import { Filters } from './filters.tsx';
import { tiles } from './measures.ts';
import { SavedViews } from './saved-views.tsx';
import { useCampaignSearch } from './use-campaign-search.ts';

/** Rows of one request; more are loaded when they are asked for. */
const PAGE_SIZE = 1000;

/** Every campaign with figures in the period: ordered, filtered and searched by the API, so that a sum is of all of them. */
export function Screen() {
  const t = useTranslations('campaigns');
  const tFigures = useTranslations('figures');
  const [explained, explain] = useState<Explained>();
  const search = useCampaignSearch();
  const pages = usePages(
    CampaignRowsDocument,
    { ...search.variables, first: PAGE_SIZE },
    ({ organization }) => organization?.performance,
  );
  const performance = pages.query.data?.data.organization?.performance;
  return (
    <Page
      title={t('title')}
      text={useRangeText(performance)}
      actions={
        <>
          <SavedViews variables={search.variables} />
          <PeriodPicker />
        </>
      }
    >
      <Loaded query={pages.query} lines={3}>
        {({ organization }) =>
          organization?.performance?.totals.map((total) => (
            <MeasureTiles
              key={total.currency}
              measures={tiles}
              total={total}
              onExplain={(measure) => explain({ measure, currency: total.currency })}
            />
          ))
        }
      </Loaded>
      <Panel
        className="campaigns"
        title={performance ? t('count', { count: performance.totalCount }) : t('list')}
        actions={<Filters search={search} />}
      >
        <CampaignTable search={search} pages={pages} onExplain={explain} />
      </Panel>
      {performance && performance.sources.length > 0 && (
        <Panel title={tFigures('completeness')}>
          <Sources sources={performance.sources} />
        </Panel>
      )}
      {explained && <CampaignExplanation variables={search.variables} explained={explained} onChange={explain} />}
    </Page>
  );
}
