import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import {
  ChangePasswordDocument,
  DisableTwoFactorDocument,
  GetRecoveryCodesLeftDocument,
} from '#dashboard/graph/generated/graphql.ts';
import { useMe } from '#dashboard/graph/me.ts';
import { ask, invalidate, run } from '#dashboard/graph/query.ts';
import { ApiForm, PasswordFields } from '#dashboard/kit/api-form.tsx';
import { Button } from '#dashboard/kit/button.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { Panel } from '#dashboard/kit/panel.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { RenewCodesDialog } from './recovery-codes.tsx';
import { TwoFactorDialog } from './two-factor-dialog.tsx';

function PasswordForm() {
  const t = useTranslations('account');
  const form = useApiForm(
    { currentPassword: '', newPassword: '', code: '' },
    async ({ currentPassword, newPassword, code }) => {
      await run(ChangePasswordDocument, { currentPassword, newPassword, code: code || undefined });
      form.reset();
      notify({ title: t('passwordChanged') });
    },
  );
  return (
    <ApiForm form={form} submit={t('changePassword')}>
      <Field
        label={t('currentPassword')}
        type="password"
        autoComplete="current-password"
        {...form.field('currentPassword')}
      />
      <Field
        label={t('newPassword')}
        type="password"
        autoComplete="new-password"
        hint={t('passwordHint')}
        {...form.field('newPassword')}
      />
      {form.needsCode && <Field label={t('code')} autoComplete="one-time-code" {...form.field('code')} />}
    </ApiForm>
  );
}

function TurnOffDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('account');
  const form = useApiForm({ password: '', code: '' }, async (given) => {
    await run(DisableTwoFactorDocument, given);
    await invalidate('GetUser');
    onClose();
  });
  return (
    <Dialog isOpen onClose={onClose} title={t('twoFactorOff')} text={t('twoFactorOffText')}>
      <ApiForm form={form} submit={t('twoFactorOff')} look="danger" onCancel={onClose}>
        <PasswordFields form={{ ...form, needsCode: true }} />
      </ApiForm>
    </Dialog>
  );
}

/** Below this many, new ones are due. */
const FEW_CODES = 3;

function RecoveryCodesLeft() {
  const t = useTranslations('account');
  const left = useQuery(ask(GetRecoveryCodesLeftDocument, {})).data?.data.me?.recoveryCodesLeft;
  if (left === undefined || left === null) return null;
  return <p className={left < FEW_CODES ? 'note note-warning' : 'faint'}>{t('codesLeft', { count: left })}</p>;
}

/** Password and second factor. */
export function Security() {
  const t = useTranslations('account');
  const me = useMe();
  const [opened, setOpened] = useState<'on' | 'off' | 'renew'>();
  const isOn = me?.hasTwoFactor === true;
  return (
    <div className="stack stack-narrow">
      <Panel title={t('password')} text={t('passwordText')}>
        <PasswordForm />
      </Panel>
      <Panel
        title={t('twoFactor')}
        text={t('twoFactorText')}
        actions={
          <span className={isOn ? 'badge badge-good' : 'badge badge-warning'}>{isOn ? t('isOn') : t('isOff')}</span>
        }
      >
        {isOn && <RecoveryCodesLeft />}
        <div className="form-buttons">
          {isOn ? (
            <>
              <Button onClick={() => setOpened('renew')}>{t('renewCodes')}</Button>
              <Button look="danger" onClick={() => setOpened('off')}>
                {t('twoFactorOff')}
              </Button>
            </>
          ) : (
            <Button look="primary" onClick={() => setOpened('on')}>
              {t('twoFactorOn')}
            </Button>
          )}
        </div>
      </Panel>
      {opened === 'on' && <TwoFactorDialog onClose={() => setOpened(undefined)} />}
      {opened === 'renew' && <RenewCodesDialog onClose={() => setOpened(undefined)} />}
      {opened === 'off' && <TurnOffDialog onClose={() => setOpened(undefined)} />}
    </div>
  );
}
