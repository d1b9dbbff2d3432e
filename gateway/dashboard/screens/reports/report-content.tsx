import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { usePages } from '#dashboard/graph/pages.ts';
import { ask } from '#dashboard/graph/query.ts';
import { CheckList } from '#dashboard/kit/check-list.tsx';
import { Loaded } from '#dashboard/kit/panel.tsx';
import { currencies, periods } from '#dashboard/kit/period.ts';
import { Select } from '#dashboard/kit/select.tsx';
import { ListClients } from '#gateway/client/generated/connections.js';
import { ListReportTemplates } from '#gateway/client/generated/reports.js';
import type { Comparison, Period } from '#gateway/client/generated/types.js';

/** What a report shows: of an order, and of a schedule. */
export interface Content {
  templateId: string;
  period: Period;
  compareTo?: Comparison;
  currency?: string;
  language?: string;
  clientIds: string[];
}

export const initialContent: Content = {
  templateId: '',
  period: 'LAST_MONTH',
  compareTo: 'PREVIOUS_PERIOD',
  currency: 'EUR',
  clientIds: [],
};

const languages = { en: 'English', de: 'Deutsch', ar: 'العربية' };
const OWN = 'own';
const CLIENTS = 200;

/** The fields of what a report shows. The first template is chosen once they are known. */
export function ReportContent({ content, onChange }: { content: Content; onChange: (content: Content) => void }) {
  const t = useTranslations('reports');
  const tPeriod = useTranslations('app.period');
  const templates = useQuery(ask(ListReportTemplates, {}));
  const clients = usePages(ListClients, { first: CLIENTS }, ({ organization }) => organization?.clients);
  const all = templates.data?.data.reportTemplates;
  const chosen = all?.find(({ id }) => id === content.templateId);
  useEffect(() => {
    if (content.templateId === '' && all?.[0]) onChange({ ...content, templateId: all[0].id });
  }, [all, content, onChange]);
  const words = Object.keys(periods) as (keyof typeof periods)[];
  return (
    <>
      <Loaded query={templates} lines={2}>
        {({ reportTemplates }) => (
          <Select
            label={t('template')}
            value={content.templateId}
            options={(reportTemplates ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(templateId) => onChange({ ...content, templateId })}
          />
        )}
      </Loaded>
      {chosen && (
        <p className="faint" dir="auto">
          {chosen.description}
        </p>
      )}
      <div className="fields">
        <Select
          label={tPeriod('label')}
          value={content.period}
          options={words.map((word) => ({ value: periods[word] as Period, label: tPeriod(word) }))}
          onChange={(period) => onChange({ ...content, period })}
        />
        <Select
          label={tPeriod('compare')}
          value={content.compareTo ?? 'none'}
          options={[
            { value: 'PREVIOUS_PERIOD', label: tPeriod('previous_period') },
            { value: 'PREVIOUS_YEAR', label: tPeriod('previous_year') },
            { value: 'none', label: tPeriod('none') },
          ]}
          onChange={(word) => onChange({ ...content, compareTo: word === 'none' ? undefined : word })}
        />
        <Select
          label={tPeriod('currency')}
          value={content.currency ?? OWN}
          options={currencies.map((code) => ({ value: code as string, label: code === OWN ? tPeriod(OWN) : code }))}
          onChange={(code) => onChange({ ...content, currency: code === OWN ? undefined : code })}
        />
        <Select
          label={t('language')}
          value={content.language ?? ''}
          options={[
            { value: '', label: t('ownLanguage') },
            ...Object.entries(languages).map(([value, label]) => ({ value, label })),
          ]}
          onChange={(language) => onChange({ ...content, language: language || undefined })}
        />
      </div>
      {clients.items.length > 0 && (
        <CheckList
          label={t('clients')}
          options={clients.items.map(({ id, name }) => ({ value: id, label: name }))}
          chosen={content.clientIds}
          onChange={(clientIds) => onChange({ ...content, clientIds })}
        />
      )}
    </>
  );
}
