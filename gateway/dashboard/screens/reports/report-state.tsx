import { useTranslations } from 'use-intl';
import { Progress } from '#dashboard/kit/progress.tsx';
import type { ReportState as State } from '#gateway/client/index.js';

const badges = {
  QUEUED: '',
  RUNNING: '',
  WAITING: 'badge-warning',
  READY: 'badge-good',
  FAILED: 'badge-bad',
  CANCELLED: '',
  EXPIRED: '',
} as const;

/** Whether a report is still being made. */
export const isUnfinished = ({ status }: Pick<State, 'status'>) => ['QUEUED', 'RUNNING', 'WAITING'].includes(status);

type Shown = Pick<State, 'status' | 'progress'> & Partial<Pick<State, 'title' | 'step' | 'currentSection'>>;

/** The state of a report; of one that is being made, how far it is and what is being done. */
export function ReportState({ report }: { report: Shown }) {
  const t = useTranslations('reports');
  const { status, progress, step, currentSection, title } = report;
  if (status !== 'RUNNING') return <span className={`badge ${badges[status]}`}>{t(`status.${status}`)}</span>;
  const what = step ? t(`step.${step}`, { section: currentSection ?? '' }) : t('status.RUNNING');
  return <Progress label={title ?? t('status.RUNNING')} percent={progress} text={`${progress} % · ${what}`} />;
}
