import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ConfirmTwoFactorDocument, StartTwoFactorDocument } from '#dashboard/graph/generated/graphql.ts';
import { queryClient, run } from '#dashboard/graph/query.ts';
import { ApiForm, PasswordFields } from '#dashboard/kit/api-form.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { Skeleton } from '#dashboard/kit/skeleton.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { RecoveryCodes } from './recovery-codes.tsx';

const QrCode = lazy(() => import('./qr-code.tsx').then((code) => ({ default: code.QrCode })));

interface Started {
  secret: string;
  uri: string;
}

function Start({ onStarted }: { onStarted: (started: Started) => void }) {
  const t = useTranslations('account');
  const form = useApiForm({ password: '' }, async ({ password }) => {
    const { startTwoFactor } = await run(StartTwoFactorDocument, { password });
    if (startTwoFactor) onStarted(startTwoFactor);
  });
  return (
    <ApiForm form={form} submit={t('continue')}>
      <PasswordFields form={{ needsCode: false, field: () => form.field('password') }} />
    </ApiForm>
  );
}

function ConfirmCode({ started, onConfirmed }: { started: Started; onConfirmed: (codes: string[]) => void }) {
  const t = useTranslations('account');
  const form = useApiForm({ code: '' }, async ({ code }) => {
    const { confirmTwoFactor } = await run(ConfirmTwoFactorDocument, { code: code.replaceAll(' ', '') });
    onConfirmed(confirmTwoFactor?.recoveryCodes ?? []);
    // Where the organization requires it, everything was closed until now.
    await queryClient.invalidateQueries();
  });
  return (
    <ApiForm form={form} submit={t('twoFactorOn')}>
      <p>{t('scan')}</p>
      <Suspense fallback={<Skeleton lines={6} />}>
        <QrCode text={started.uri} label={t('qrCode')} />
      </Suspense>
      <p>
        {t('enterSecret')} <a href={started.uri}>{t('openApp')}</a>
      </p>
      <code className="secret-value" dir="ltr">
        {started.secret.match(/.{1,4}/g)?.join(' ')}
      </code>
      <Field label={t('code')} autoComplete="one-time-code" inputMode="numeric" {...form.field('code')} />
    </ApiForm>
  );
}

/** Turns the second factor on: password, secret of the app, a code of it, and recovery codes to keep. */
export function TwoFactorDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('account');
  const [started, setStarted] = useState<Started>();
  const [codes, setCodes] = useState<string[]>();
  return (
    <Dialog isOpen onClose={onClose} title={codes ? t('recoveryCodes') : t('twoFactor')}>
      {codes && <RecoveryCodes codes={codes} />}
      {!codes && started && <ConfirmCode started={started} onConfirmed={setCodes} />}
      {!codes && !started && <Start onStarted={setStarted} />}
    </Dialog>
  );
}
