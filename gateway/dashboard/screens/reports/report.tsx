import './reports.css';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { ask } from '#dashboard/graph/query.ts';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Page } from '#dashboard/kit/page.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { Empty } from '#dashboard/kit/states.tsx';
import { ShowReport } from '#gateway/client/generated/reports.js';
import { Downloads } from './downloads.tsx';
import { ReportActions } from './report-actions.tsx';
import { ReportSectionPanel } from './report-section.tsx';
import { isUnfinished, ReportState } from './report-state.tsx';
import { ReportShares } from './shares-of-report.tsx';
import { useReportEvents } from './use-report-events.ts';

/** Where its stream cannot be opened, a report is asked again this often. */
const WITHOUT_STREAM_REFETCH_MS = 15_000;

/** A report: how far it is while it is made, then what it says, its files, and who else can see it. */
export function Screen() {
  const t = useTranslations('reports');
  const { days, time } = useFigures();
  const { reportId } = useParams({ strict: false }) as { reportId: string };
  const query = useQuery({
    ...ask(ShowReport, { id: reportId }),
    refetchInterval: ({ state }) => {
      const known = state.data?.data.report;
      return known && isUnfinished(known) ? WITHOUT_STREAM_REFETCH_MS : false;
    },
  });
  const report = query.data?.data.report;
  const live = useReportEvents(reportId, report ? isUnfinished(report) : false);
  const text = report && [
    days(report.range.start, report.range.end),
    report.compared && t('compared', { days: days(report.compared.start, report.compared.end) }),
  ];
  return (
    <Page
      title={report?.title ?? t('report')}
      text={text?.filter(Boolean).join(', ')}
      actions={report && <ReportActions report={report} />}
    >
      <Panel title={t('state')} actions={report?.status === 'READY' && <Downloads id={reportId} />}>
        <Loaded query={query} lines={3}>
          {({ report: loaded }) => {
            if (!loaded) return <Empty title={t('goneTitle')} text={t('goneText')} />;
            const { failure, unavailableAccounts, finishedAt, rowCount } = loaded;
            const waiting = live?.waiting ?? loaded.waiting;
            return (
              <div className="stack">
                <p className="report-state" aria-live="polite">
                  <ReportState report={live ?? loaded} />{' '}
                  {finishedAt && <span className="faint">{time(finishedAt)}</span>}{' '}
                  {rowCount !== null && <span className="faint">· {t('rows', { count: rowCount })}</span>}
                </p>
                {waiting && <p className="note note-warning">{t('waiting', { message: waiting.message })}</p>}
                {failure && (
                  <p className="note note-bad" dir="auto">
                    {failure.message}
                  </p>
                )}
                {unavailableAccounts.length > 0 && (
                  <ul className="notes">
                    {unavailableAccounts.map(({ name, provider, message }) => (
                      <li key={`${provider} ${name}`}>
                        <CircleAlert aria-hidden size={16} className="warning" />
                        <span dir="auto">{t('leftOut', { name, provider, message })}</span>
                      </li>
                    ))}
                  </ul>
                )}
              </div>
            );
          }}
        </Loaded>
      </Panel>
      {report?.summary && report.summary.sentences.length > 0 && (
        <Panel title={t('summary')}>
          <ul className="sentences" dir="auto">
            {report.summary.sentences.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </Panel>
      )}
      {report?.sections?.map((section) => (
        <ReportSectionPanel key={section.key} reportId={reportId} section={section} />
      ))}
      {report?.status === 'READY' && <ReportShares reportId={reportId} />}
    </Page>
  );
}
