import { Building2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { signOut } from '#dashboard/app/sign-out.ts';
import { client } from '#dashboard/graph/client.ts';
import type { Me } from '#dashboard/graph/me.ts';
import { invalidate, run } from '#dashboard/graph/query.ts';
import { ApiForm } from '#dashboard/kit/api-form.tsx';
import { attempt } from '#dashboard/kit/attempt.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { Confirm } from '#dashboard/kit/confirm.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { Panel } from '#dashboard/kit/panel.tsx';
import { RowMenu } from '#dashboard/kit/row-menu.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { CreateOrganization, SwitchOrganization } from '#gateway/client/generated/authentication.js';
import { LeaveOrganization } from '#gateway/client/generated/organization.js';

type Membership = NonNullable<Me['memberships']>[number];

/** Opens the page anew: nothing of the other organization may stay on it. */
const reopen = () => window.location.assign('/app/overview');

function CreateDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('account');
  const form = useApiForm({ name: '' }, async (given) => {
    await client.signIn(CreateOrganization, given);
    reopen();
  });
  return (
    <Dialog isOpen onClose={onClose} title={t('createOrganization')} text={t('createOrganizationText')}>
      <ApiForm form={form} submit={t('createOrganization')} onCancel={onClose}>
        <Field label={t('name')} autoComplete="organization" {...form.field('name')} />
      </ApiForm>
    </Dialog>
  );
}

/** The organizations of the user: switching between them, leaving one, and creating another. */
export function Organizations({ me }: { me: Me }) {
  const t = useTranslations('account');
  const tApp = useTranslations('app');
  const [isCreating, setCreating] = useState(false);
  const [left, setLeft] = useState<Membership>();
  const memberships = me.memberships ?? [];
  const currentId = me.organization?.id;
  const enter = (organizationId: string) => client.signIn(SwitchOrganization, { organizationId });
  const switchTo = async (organizationId: string) => {
    await enter(organizationId);
    reopen();
  };
  const leave = async () => {
    if (!left) return;
    const { organizationId } = left;
    await run(LeaveOrganization, { organizationId });
    if (organizationId !== currentId) return invalidate('GetUser');
    // The sessions in it have ended, this one included.
    await signOut();
  };
  return (
    <Panel
      title={t('organizations')}
      actions={
        <Button icon={<Building2 aria-hidden size={16} />} onClick={() => setCreating(true)}>
          {t('createOrganization')}
        </Button>
      }
    >
      {memberships.length === 0 && <p className="calm">{t('noOrganization')}</p>}
      <ul className="lines">
        {memberships.map((membership) => {
          const { organizationId, organizationName, role } = membership;
          return (
            <li key={organizationId}>
              <span>
                <bdi>{organizationName}</bdi> <span className="faint">{tApp(`roles.${role}`)}</span>
              </span>
              <span className="row-actions">
                {organizationId === currentId ? (
                  <span className="badge">{t('current')}</span>
                ) : (
                  <Button onClick={() => void attempt(() => switchTo(organizationId))}>{t('switch')}</Button>
                )}
                <RowMenu
                  label={tApp('actions', { name: organizationName })}
                  actions={[{ label: t('leave'), isDanger: true, onChoose: () => setLeft(membership) }]}
                />
              </span>
            </li>
          );
        })}
      </ul>
      {isCreating && <CreateDialog onClose={() => setCreating(false)} />}
      <Confirm
        isOpen={left !== undefined}
        onClose={() => setLeft(undefined)}
        title={t('leaveTitle', { name: left?.organizationName ?? '' })}
        text={t(left?.organizationId === currentId ? 'leaveCurrentText' : 'leaveText')}
        action={t('leave')}
        onConfirm={leave}
      />
    </Panel>
  );
}
