import { useTranslations } from 'use-intl';
import { useFigures } from '#dashboard/kit/figures.ts';

/** So far from its plan a budget is still as planned: the threshold of alerts when none is given. */
const TOLERANCE = 0.1;

/** Whether a budget is spent as planned: 1 is exactly, more is too fast. */
export function Pace({ pace }: { pace: number | null | undefined }) {
  const t = useTranslations('budgets');
  const { ratio } = useFigures();
  if (typeof pace !== 'number') return <span className="faint">{t('unknownPace')}</span>;
  const off = Math.round((pace - 1) * 100) / 100;
  const percent = ratio(Math.abs(off));
  if (off > TOLERANCE) return <span className="badge badge-bad">{t('over', { percent })}</span>;
  if (off < -TOLERANCE) return <span className="badge badge-warning">{t('under', { percent })}</span>;
  return <span className="badge badge-good">{t('onPace')}</span>;
}
