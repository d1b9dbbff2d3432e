import type { FormEvent } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from './button.tsx';
import { Field } from './field.tsx';

export interface OwnDaysProps {
  from: string | undefined;
  to: string | undefined;
  onApply: (days: { from: string; to: string }) => void;
}

/** Chooses the first and the last day of a period. */
export function OwnDays({ from, to, onApply }: OwnDaysProps) {
  const t = useTranslations('app.period');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    onApply({ from: String(given.get('from')), to: String(given.get('to')) });
  };
  return (
    <form className="period-form" onSubmit={submit}>
      <p className="field-label">{t('custom')}</p>
      <Field label={t('from')} name="from" type="date" required defaultValue={from} />
      <Field label={t('to')} name="to" type="date" required defaultValue={to} />
      <Button type="submit" look="primary">
        {t('apply')}
      </Button>
    </form>
  );
}
