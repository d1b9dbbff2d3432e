import { type UseQueryOptions, useQuery } from '@tanstack/react-query';
import { ExternalLink } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { FindingFragment } from '#dashboard/graph/generated/graphql.ts';
import type { Answer } from '#dashboard/graph/query.ts';
import { Dialog } from './dialog.tsx';
import { type Measure, measureOf, metricOf } from './measures/measure.ts';
import { Loaded } from './panel.tsx';
import { Select } from './select.tsx';

/** Which figure is to be explained. */
export interface Explained {
  measure: Measure;
  /** The row; absent = the sum. `after` is the cursor of the row before it, by which the API finds it. */
  row?: { name: string; after: string | undefined };
  /** The currency of the sum, where there are several. */
  currency?: string;
}

/** What the API is asked: of the sum, or of the first row after a cursor. */
export interface ExplainArguments {
  metric: string;
  isTotal: boolean;
  after: string | undefined;
}

export interface ExplanationProps<Data> {
  measures: readonly Measure[];
  explained: Explained;
  /** The question, as of `ask`: of the same rows in the same order as those that are shown. */
  questionOf: (asked: ExplainArguments) => UseQueryOptions<Answer<Data>, Error>;
  findingsOf: (data: Data) => readonly FindingFragment[] | undefined;
  /** Called with another measure of the same row; undefined = closed. */
  onChange: (explained: Explained | undefined) => void;
}

/** The screen of the provider, if it is one: nothing else is followed. */
const screenOf = ({ code, values }: FindingFragment) => {
  const url = code === 'PROVIDER_SCREEN' ? values.find(({ name }) => name === 'url')?.value : undefined;
  return url?.startsWith('https://') ? url : undefined;
};

function Findings({ findings }: { findings: readonly FindingFragment[] }) {
  const t = useTranslations('figures');
  if (findings.length === 0) return <p className="faint">{t('explainNone')}</p>;
  return (
    <ul className="findings">
      {findings.map((finding) => {
        const { code, message, accounts, provider } = finding;
        const url = screenOf(finding);
        return (
          <li key={`${code} ${provider?.name} ${accounts.map(({ id }) => id)} ${message}`}>
            <p dir="auto">{message}</p>
            {accounts.length > 0 && (
              <p className="faint findings-accounts" dir="auto">
                {[...new Set(accounts.map(({ name }) => name))].join(', ')}
              </p>
            )}
            {url && (
              <a href={url} target="_blank" rel="noreferrer">
                {t('explainScreen')} <ExternalLink aria-hidden size={14} />
              </a>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Says where a figure comes from, and why it may differ from that of another screen. Another measure can be chosen. */
export function Explanation<Data>(props: ExplanationProps<Data>) {
  const { measures, explained, questionOf, findingsOf, onChange } = props;
  const { measure, row } = explained;
  const query = useQuery(questionOf({ metric: metricOf(measure), isTotal: !row, after: row?.after }));
  const t = useTranslations('figures');
  const tMeasure = useTranslations('measures');
  return (
    <Dialog
      isOpen
      onClose={() => onChange(undefined)}
      title={t('explainTitle')}
      text={row ? <bdi>{row.name}</bdi> : t('explainTotal')}
    >
      <Select
        label={t('measure')}
        value={measure.key}
        options={measures.map(({ key }) => ({ value: key, label: tMeasure(key) }))}
        onChange={(key) => onChange({ ...explained, measure: measureOf(measures, key) })}
      />
      <Loaded query={query} lines={5}>
        {(data) => <Findings findings={findingsOf(data) ?? []} />}
      </Loaded>
    </Dialog>
  );
}
