import { Popover } from '@base-ui/react/popover';
import { CalendarDays, ChevronDown } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ClientPicker } from './client-picker.tsx';
import { useFigures } from './figures.ts';
import { type ComparisonWord, currencies, type PeriodWord, periods } from './period.ts';
import { Select } from './select.tsx';
import { useQuestion } from './use-search.ts';

const OwnDays = lazy(() => import('./own-days.tsx').then((form) => ({ default: form.OwnDays })));

const COMPARISONS: ComparisonWord[] = ['previous_period', 'previous_year', 'none'];

/** Chooses the period, the comparison, the currency and the client of every screen of figures. They stand in the address. */
export function PeriodPicker() {
  const t = useTranslations('app.period');
  const { days } = useFigures();
  const [question, change] = useQuestion();
  const [isOpen, setOpen] = useState(false);
  const { period, from, to } = question;
  const isCustom = from !== undefined && to !== undefined;
  const choose = (word: PeriodWord) => {
    setOpen(false);
    void change({ period: word, from: undefined, to: undefined });
  };
  const apply = (days: { from: string; to: string }) => {
    setOpen(false);
    void change(days);
  };
  return (
    <fieldset className="period">
      <legend className="visually-hidden">{t('label')}</legend>
      <Popover.Root open={isOpen} onOpenChange={setOpen}>
        <Popover.Trigger className="input select period-trigger">
          <CalendarDays aria-hidden size={16} />
          <span className="visually-hidden">{t('label')}: </span>
          <span>{isCustom ? days(from, to) : t(period)}</span>
          <ChevronDown aria-hidden size={16} />
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Positioner className="layer" sideOffset={4} align="start">
            <Popover.Popup className="popup period-popup" aria-label={t('label')}>
              <ul className="period-list">
                {(Object.keys(periods) as PeriodWord[]).map((word) => (
                  <li key={word}>
                    <button
                      type="button"
                      className="menu-item"
                      aria-current={!isCustom && word === period ? 'true' : undefined}
                      onClick={() => choose(word)}
                    >
                      {t(word)}
                    </button>
                  </li>
                ))}
              </ul>
              <Suspense>
                <OwnDays from={from} to={to} onApply={apply} />
              </Suspense>
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
      <Select
        label={t('compare')}
        isLabelHidden
        value={question.compare}
        options={COMPARISONS.map((value) => ({ value, label: `${t('compare')}: ${t(value)}` }))}
        onChange={(compare) => void change({ compare })}
      />
      <Select
        label={t('currency')}
        isLabelHidden
        value={question.currency}
        options={currencies.map((value) => ({ value, label: value === 'own' ? t('own') : value }))}
        onChange={(currency) => void change({ currency })}
      />
      <ClientPicker />
    </fieldset>
  );
}
