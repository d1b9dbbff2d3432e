import { useMutation } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { useTranslations } from 'use-intl';
import { demoLogIn } from '#dashboard/graph/installation.ts';
import { describeError, run } from '#dashboard/graph/query.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { RequestPasswordReset } from '#gateway/client/generated/authentication.js';

/** Sends a link to set a new password, and never says whether there is an account. */
export function ForgottenForm() {
  const t = useTranslations('signIn');
  const { register, handleSubmit } = useForm({ defaultValues: { email: demoLogIn?.email ?? '' } });
  const request = useMutation({ mutationFn: (given: { email: string }) => run(RequestPasswordReset, given) });
  if (request.isSuccess)
    return (
      <p className="note" role="status">
        {t('sent')}
      </p>
    );
  return (
    <form className="form" onSubmit={handleSubmit((given) => request.mutate(given))} noValidate>
      <p>{t('forgottenText')}</p>
      <Field
        label={t('email')}
        type="email"
        autoComplete="username"
        problem={request.error ? describeError(request.error).message : undefined}
        {...register('email')}
      />
      <Button type="submit" look="primary" isBusy={request.isPending}>
        {t('send')}
      </Button>
    </form>
  );
}
