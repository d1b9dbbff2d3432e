import type { FormEvent, ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from './button.tsx';
import { Field } from './field.tsx';

interface Form {
  onSubmit: (event: FormEvent<HTMLFormElement>) => unknown;
  isBusy: boolean;
  problem?: string;
}

export interface ApiFormProps {
  form: Form;
  submit: string;
  look?: 'primary' | 'danger';
  onCancel?: () => void;
  children?: ReactNode;
}

/** The frame of a form of `useApiForm`: its fields, what went wrong with it as a whole, and its buttons. */
export function ApiForm({ form, submit, look = 'primary', onCancel, children }: ApiFormProps) {
  const t = useTranslations('app');
  return (
    <form className="form" onSubmit={(event) => void form.onSubmit(event)} noValidate>
      {children}
      {form.problem && (
        <p className="field-problem" role="alert">
          {form.problem}
        </p>
      )}
      <div className="form-buttons">
        {onCancel && <Button onClick={onCancel}>{t('cancel')}</Button>}
        <Button type="submit" look={look} isBusy={form.isBusy}>
          {submit}
        </Button>
      </div>
    </form>
  );
}

interface PasswordForm {
  needsCode: boolean;
  field: (name: 'password' | 'code') => object;
}

/** The password of the user again, and a code where the account has a second factor: `password` and `code` of the form's values. */
export function PasswordFields({ form }: { form: PasswordForm }) {
  const t = useTranslations('app.password');
  return (
    <>
      <Field label={t('label')} type="password" autoComplete="current-password" {...form.field('password')} />
      {form.needsCode && (
        <Field label={t('code')} autoComplete="one-time-code" inputMode="numeric" {...form.field('code')} />
      )}
    </>
  );
}
