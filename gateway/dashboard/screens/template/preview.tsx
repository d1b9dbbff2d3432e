import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { PreviewReportDocument, type PreviewReportQueryVariables } from '#dashboard/graph/generated/graphql.ts';
import { ask } from '#dashboard/graph/query.ts';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { type PeriodWord, periods } from '#dashboard/kit/period.ts';
import { SectionTable } from '#dashboard/kit/report/section-table.tsx';
import { Select } from '#dashboard/kit/select.tsx';

/** What a report of these sections would show now: the first rows of each, of days that are chosen here. Nothing of it is stored. */
export function Preview({ definition }: Pick<PreviewReportQueryVariables, 'definition'>) {
  const t = useTranslations('template');
  const tPeriod = useTranslations('app.period');
  const { days, count } = useFigures();
  const [period, setPeriod] = useState<PeriodWord>('last_30d');
  const variables = { definition, period: periods[period], compareTo: 'PREVIOUS_PERIOD' } as const;
  const query = useQuery(ask(PreviewReportDocument, variables));
  const range = query.data?.data.previewReport?.range;
  return (
    <Panel
      title={t('preview')}
      text={range && days(range.start, range.end)}
      actions={
        <Select
          label={tPeriod('label')}
          isLabelHidden
          value={period}
          options={(Object.keys(periods) as PeriodWord[]).map((word) => ({ value: word, label: tPeriod(word) }))}
          onChange={setPeriod}
        />
      }
    >
      <Loaded query={query} lines={10}>
        {({ previewReport }) => (
          <div className="stack">
            {[...new Set(previewReport?.sections.flatMap(({ missing }) => missing))].map((message) => (
              <p key={message} className="note note-warning" dir="auto">
                {message}
              </p>
            ))}
            {(previewReport?.sections ?? []).map(({ key, kind, title, text, columns, rows, totals, totalCount }) => (
              <section key={key} className="stack">
                <h3 dir="auto">{title}</h3>
                {kind === 'TEXT' && <p dir="auto">{text}</p>}
                {kind !== 'TEXT' && rows.length === 0 && <p className="calm">{t('noRows')}</p>}
                {rows.length > 0 && (
                  <>
                    <SectionTable title={title} columns={columns} rows={rows} totals={totals} />
                    <p className="faint">{t('ofRows', { shown: count(rows.length), count: count(totalCount) })}</p>
                  </>
                )}
              </section>
            ))}
          </div>
        )}
      </Loaded>
    </Panel>
  );
}
