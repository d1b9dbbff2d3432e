import { standardSchemaResolver } from '@hookform/resolvers/standard-schema';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslations } from 'use-intl';
import * as z from 'zod/mini';
import { client } from '#dashboard/graph/client.ts';
import { demoLogIn } from '#dashboard/graph/installation.ts';
import { describeError } from '#dashboard/graph/query.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { CompleteLogIn, LogIn } from '#gateway/client/generated/authentication.js';
import { WebMetricsError } from '#gateway/client/index.js';
import { deviceToken } from './device-token.ts';

const credentials = z.object({
  email: z.string().check(z.email('emailInvalid')),
  password: z.string().check(z.minLength(1, 'required')),
});
type Credentials = z.output<typeof credentials>;

function SecondFactor({ challenge, onSignedIn }: { challenge: string; onSignedIn: () => void }) {
  const t = useTranslations('signIn');
  const { register, handleSubmit, formState, setError } = useForm({ defaultValues: { code: '' } });
  const submit = handleSubmit(async ({ code }) => {
    try {
      const { completeLogIn } = await client.signIn(CompleteLogIn, { challenge, code: code.trim() });
      deviceToken.keep(completeLogIn?.deviceToken);
      onSignedIn();
    } catch (error) {
      setError('code', { message: describeError(error).message });
    }
  });
  return (
    <form className="form" onSubmit={submit} noValidate>
      <p>{t('twoFactorText')}</p>
      <Field
        label={t('code')}
        autoComplete="one-time-code"
        inputMode="numeric"
        autoFocus
        problem={formState.errors.code?.message}
        {...register('code')}
      />
      <Button type="submit" look="primary" isBusy={formState.isSubmitting}>
        {t('verify')}
      </Button>
    </form>
  );
}

/** Asks for email and password, then for a second factor where the account has one. */
export function SignInForm({ onSignedIn }: { onSignedIn: () => void }) {
  const t = useTranslations('signIn');
  const [challenge, setChallenge] = useState<string>();
  const { register, handleSubmit, formState, setError } = useForm<Credentials>({
    resolver: standardSchemaResolver(credentials),
    defaultValues: demoLogIn ?? { email: '', password: '' },
  });
  const submit = handleSubmit(async (given) => {
    try {
      const { logIn } = await client.signIn(LogIn, { ...given, deviceToken: deviceToken.read() });
      deviceToken.keep(logIn?.deviceToken);
      onSignedIn();
    } catch (error) {
      if (error instanceof WebMetricsError && error.challenge) return setChallenge(error.challenge);
      setError('password', { message: describeError(error).message });
    }
  });
  const { errors } = formState;
  const problem = (message: string | undefined) =>
    message === 'required' || message === 'emailInvalid' ? t(message) : message;
  if (challenge) return <SecondFactor challenge={challenge} onSignedIn={onSignedIn} />;
  return (
    <form className="form" onSubmit={submit} noValidate>
      {demoLogIn && <p className="note">{t('demo')}</p>}
      <Field
        label={t('email')}
        type="email"
        autoComplete="username"
        problem={problem(errors.email?.message)}
        {...register('email')}
      />
      <Field
        label={t('password')}
        type="password"
        autoComplete="current-password"
        problem={problem(errors.password?.message)}
        {...register('password')}
      />
      <Button type="submit" look="primary" isBusy={formState.isSubmitting}>
        {t('submit')}
      </Button>
    </form>
  );
}
