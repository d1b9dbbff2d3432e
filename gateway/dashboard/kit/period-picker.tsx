import { useTranslations } from 'use-intl';
import { ClientPicker } from './client-picker.tsx';
import { onDemand, type TriggerProps } from './on-demand.tsx';
import { type ComparisonWord, currencies } from './period.ts';
import { PeriodLabel } from './period-label.tsx';
import { Select } from './select.tsx';
import { useQuestion } from './use-search.ts';

const COMPARISONS: ComparisonWord[] = ['previous_period', 'previous_year', 'none'];

function ClosedPeriod({ trigger }: { trigger: TriggerProps }) {
  return (
    <button
      type="button"
      className="input select period-trigger"
      aria-haspopup="dialog"
      aria-expanded={false}
      {...trigger}
    >
      <PeriodLabel />
    </button>
  );
}

const Period = onDemand(ClosedPeriod, () => import('./period-list.tsx').then((list) => list.PeriodList));

/** Chooses the period, the comparison, the currency and the client of every screen of figures. They stand in the address. */
export function PeriodPicker() {
  const t = useTranslations('app.period');
  const [question, change] = useQuestion();
  return (
    <fieldset className="period">
      <legend className="visually-hidden">{t('label')}</legend>
      <Period />
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
