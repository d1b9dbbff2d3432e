import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { ChangeEmailDocument } from '#dashboard/graph/generated/graphql.ts';
import { useMe } from '#dashboard/graph/me.ts';
import { run } from '#dashboard/graph/query.ts';
import { ApiForm, PasswordFields } from '#dashboard/kit/api-form.tsx';
import { attempt } from '#dashboard/kit/attempt.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Panel } from '#dashboard/kit/panel.tsx';
import { Skeleton } from '#dashboard/kit/skeleton.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { ExportMyData, ResendVerification } from '#gateway/client/generated/authentication.js';
import { DeleteAccount } from './delete-account.tsx';
import { Organizations } from './organizations.tsx';

function EmailDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('account');
  const form = useApiForm({ email: '', password: '', code: '' }, async ({ email, password, code }) => {
    await run(ChangeEmailDocument, { email, password, code: code || undefined });
    notify({ title: t('emailMailed', { email }) });
    onClose();
  });
  return (
    <Dialog isOpen onClose={onClose} title={t('changeEmail')} text={t('changeEmailText')}>
      <ApiForm form={form} submit={t('changeEmail')} onCancel={onClose}>
        <Field label={t('newEmail')} type="email" autoComplete="email" {...form.field('email')} />
        <PasswordFields form={form} />
      </ApiForm>
    </Dialog>
  );
}

/** Name, address, organizations, a copy of one's data, and the end of the account. */
export function Profile() {
  const t = useTranslations('account');
  const { time } = useFigures();
  const me = useMe();
  const [isChanging, setChanging] = useState(false);
  if (!me) return <Skeleton lines={5} />;
  const resend = () => attempt(() => run(ResendVerification, {}), { done: t('emailMailed', { email: me.email }) });
  const exportData = async () => {
    const { exportMyData } = await run(ExportMyData, {});
    if (exportMyData) window.location.assign(exportMyData.downloadUrl);
  };
  return (
    <div className="stack">
      <Panel title={t('you')} actions={<Button onClick={() => setChanging(true)}>{t('changeEmail')}</Button>}>
        <dl className="facts">
          <div>
            <dt>{t('name')}</dt>
            <dd>
              <bdi>{me.name}</bdi>
            </dd>
          </div>
          <div>
            <dt>{t('email')}</dt>
            <dd>
              <bdi>{me.email}</bdi>{' '}
              {me.emailVerifiedAt ? (
                <span className="badge badge-good">{t('confirmed')}</span>
              ) : (
                <>
                  <span className="badge badge-warning">{t('unconfirmed')}</span>{' '}
                  <button type="button" className="link" onClick={() => void resend()}>
                    {t('resend')}
                  </button>
                </>
              )}
            </dd>
          </div>
          <div>
            <dt>{t('since')}</dt>
            <dd>{time(me.createdAt)}</dd>
          </div>
        </dl>
      </Panel>
      <Organizations me={me} />
      <Panel
        title={t('data')}
        text={t('dataText')}
        actions={
          <Button icon={<Download aria-hidden size={16} />} onClick={() => void attempt(exportData)}>
            {t('export')}
          </Button>
        }
      >
        {null}
      </Panel>
      <DeleteAccount me={me} />
      {isChanging && <EmailDialog onClose={() => setChanging(false)} />}
    </div>
  );
}
