import './reports.css';
import { useTranslations } from 'use-intl';
import * as z from 'zod/mini';
import { Page } from '#dashboard/kit/page.tsx';
import { Tabs } from '#dashboard/kit/tabs.tsx';
import { useSearchOf } from '#dashboard/kit/use-search.ts';
import { NewReport } from './new-report.tsx';
import { ReportList } from './report-list.tsx';
import { Schedules } from './schedules.tsx';
import { Shares } from './shares.tsx';
import { Templates } from './templates.tsx';

const schema = z.object({ tab: z.catch(z.enum(['reports', 'schedules', 'templates', 'links']), 'reports') });

/** What was ordered, what is ordered again and again, what it is made from, and what others can see without a login. */
export function Screen() {
  const t = useTranslations('reports');
  const [{ tab }, change] = useSearchOf(schema);
  return (
    <Page title={t('title')} text={t('text')} actions={<NewReport />}>
      <Tabs
        label={t('title')}
        value={tab}
        onChange={(next) => void change({ tab: next })}
        tabs={[
          { value: 'reports', label: t('tabs.reports'), content: <ReportList /> },
          { value: 'schedules', label: t('tabs.schedules'), content: <Schedules /> },
          { value: 'templates', label: t('tabs.templates'), content: <Templates /> },
          { value: 'links', label: t('tabs.links'), content: <Shares /> },
        ]}
      />
    </Page>
  );
}
