import { CalendarDays, ChevronDown } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useFigures } from './figures.ts';
import { useQuestion } from './use-search.ts';

/** Which period is shown: what is inside the button that changes it. */
export function PeriodLabel() {
  const t = useTranslations('app.period');
  const { days } = useFigures();
  const [{ period, from, to }] = useQuestion();
  return (
    <>
      <CalendarDays aria-hidden size={16} />
      <span className="visually-hidden">{t('label')}: </span>
      <span>{from !== undefined && to !== undefined ? days(from, to) : t(period)}</span>
      <ChevronDown aria-hidden size={16} />
    </>
  );
}
