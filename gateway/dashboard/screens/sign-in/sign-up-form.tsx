import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslations } from 'use-intl';
import { client } from '#dashboard/graph/client.ts';
import { describeError, problemsByArgument } from '#dashboard/graph/query.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { SignUp } from '#gateway/client/generated/authentication.js';
import { WebMetricsError } from '#gateway/client/index.js';
import { deviceToken } from './device-token.ts';

const fields = {
  name: { label: 'name', autoComplete: 'name', type: 'text' },
  companyName: { label: 'company', autoComplete: 'organization', type: 'text' },
  email: { label: 'email', autoComplete: 'username', type: 'email' },
  password: { label: 'password', autoComplete: 'new-password', type: 'password' },
} as const;
type Values = Record<keyof typeof fields, string>;
const names = Object.keys(fields) as (keyof Values)[];

/** Creates an account with its organization. The rules are the API's: its problems stand at the fields. */
export function SignUpForm({ onSignedIn }: { onSignedIn: () => void }) {
  const t = useTranslations('signIn');
  const [isMailed, setMailed] = useState(false);
  const { register, handleSubmit, formState, setError } = useForm<Values>({
    defaultValues: { name: '', companyName: '', email: '', password: '' },
  });
  const submit = handleSubmit(async (given) => {
    try {
      const { signUp } = await client.signIn(SignUp, given);
      deviceToken.keep(signUp?.deviceToken);
      onSignedIn();
    } catch (error) {
      if (error instanceof WebMetricsError && error.code === 'CONFIRMATION_REQUIRED') return setMailed(true);
      const problems = problemsByArgument(error);
      for (const name of names) if (problems[name]) setError(name, { message: problems[name] });
      if (!names.some((name) => problems[name])) setError('root', { message: describeError(error).message });
    }
  });
  if (isMailed)
    return (
      <p className="note" role="status">
        {t('confirm')}
      </p>
    );
  return (
    <form className="form" onSubmit={submit} noValidate>
      {names.map((name) => (
        <Field
          key={name}
          {...register(name)}
          label={t(fields[name].label)}
          type={fields[name].type}
          autoComplete={fields[name].autoComplete}
          problem={formState.errors[name]?.message}
        />
      ))}
      {formState.errors.root && (
        <p className="field-problem" role="alert">
          {formState.errors.root.message}
        </p>
      )}
      <Button type="submit" look="primary" isBusy={formState.isSubmitting}>
        {t('create')}
      </Button>
    </form>
  );
}
