import { useTranslations } from 'use-intl';
import { useFigures } from './figures.ts';

interface Days {
  start: string;
  end: string;
}

/** Returns the days of figures in words, with those they are compared with; `…` while they are not known. */
export function useRangeText(asked: { range: Days; compared?: Days | null } | null | undefined): string {
  const t = useTranslations('figures');
  const { days } = useFigures();
  if (!asked) return '…';
  const { range, compared } = asked;
  const shown = days(range.start, range.end);
  return compared ? `${shown}, ${t('compared', { days: days(compared.start, compared.end) })}` : shown;
}
