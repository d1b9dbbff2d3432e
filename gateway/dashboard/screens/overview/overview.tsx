import './overview.css';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useTranslations } from 'use-intl';
import { OverviewTotalsDocument } from '#dashboard/graph/generated/graphql.ts';
import { ask } from '#dashboard/graph/query.ts';
import { Page } from '#dashboard/kit/page.tsx';
import { Panel } from '#dashboard/kit/panel.tsx';
import { figuresOf } from '#dashboard/kit/period.ts';
import { PeriodPicker } from '#dashboard/kit/period-picker.tsx';
import { useRangeText } from '#dashboard/kit/range-text.ts';
import { Skeleton } from '#dashboard/kit/skeleton.tsx';
import { useQuestion } from '#dashboard/kit/use-search.ts';
import { Alerts } from './alerts.tsx';
import { Channels } from './channels.tsx';
import { Completeness } from './completeness.tsx';
import { Movers } from './movers.tsx';
import { OverTime } from './over-time.tsx';
import { Tiles } from './tiles.tsx';

const Notes = lazy(() => import('./notes.tsx').then((notes) => ({ default: notes.Notes })));

/** What happened over a period, in one look. Each part is a question of its own: one that fails leaves the others. */
export function Screen() {
  const t = useTranslations('overview');
  const [question] = useQuestion();
  const figures = figuresOf(question);
  const totals = useQuery(ask(OverviewTotalsDocument, figures));
  const performance = totals.data?.data.organization?.performance;
  const text = useRangeText(performance);
  const notesToCome = (
    <Panel title={t('notes')} className="overview-full">
      <Skeleton lines={2} />
    </Panel>
  );
  return (
    <Page title={t('title')} text={text} actions={<PeriodPicker />}>
      <Tiles query={totals} />
      <div className="overview">
        <OverTime figures={figures} />
        <Completeness query={totals} />
        <Channels figures={figures} />
        <Alerts />
        <Movers figures={figures} />
        {performance && (
          <Suspense fallback={notesToCome}>
            <Notes range={performance.range} clientId={question.client} />
          </Suspense>
        )}
      </div>
    </Page>
  );
}
