import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { client } from '#dashboard/graph/client.ts';
import { ChangeEmailDocument } from '#dashboard/graph/generated/graphql.ts';
import { useMe } from '#dashboard/graph/me.ts';
import { describeError, run } from '#dashboard/graph/query.ts';
import { ApiForm, PasswordFields } from '#dashboard/kit/api-form.tsx';
import { Button } from '#dashboard/kit/button.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Panel } from '#dashboard/kit/panel.tsx';
import { Skeleton } from '#dashboard/kit/skeleton.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { ExportMyData, ResendVerification, SwitchOrganization } from '#gateway/client/generated/authentication.js';

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

/** Runs something a button does, and says in a notice what failed. */
const attempt = (work: () => Promise<unknown>) =>
  work().catch((error: unknown) => notify({ title: describeError(error).message, kind: 'failed' }));

/** Name, address, organizations, and a copy of one's data. */
export function Profile() {
  const t = useTranslations('account');
  const tRoles = useTranslations('app.roles');
  const { time } = useFigures();
  const me = useMe();
  const [isChanging, setChanging] = useState(false);
  if (!me) return <Skeleton lines={5} />;
  const resend = async () => {
    await run(ResendVerification, {});
    notify({ title: t('emailMailed', { email: me.email }) });
  };
  const exportData = async () => {
    const { exportMyData } = await run(ExportMyData, {});
    if (exportMyData) window.location.assign(exportMyData.downloadUrl);
  };
  const switchTo = async (organizationId: string) => {
    await client.signIn(SwitchOrganization, { organizationId });
    // Nothing of the other organization may stay on the page.
    window.location.assign('/app/overview');
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
                  <button type="button" className="link" onClick={() => void attempt(resend)}>
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
      <Panel title={t('organizations')}>
        <ul className="lines">
          {(me.memberships ?? []).map(({ organizationId, organizationName, role }) => (
            <li key={organizationId}>
              <span>
                <bdi>{organizationName}</bdi> <span className="faint">{tRoles(role)}</span>
              </span>
              {organizationId === me.organization?.id ? (
                <span className="badge">{t('current')}</span>
              ) : (
                <Button onClick={() => void attempt(() => switchTo(organizationId))}>{t('switch')}</Button>
              )}
            </li>
          ))}
        </ul>
      </Panel>
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
      {isChanging && <EmailDialog onClose={() => setChanging(false)} />}
    </div>
  );
}
