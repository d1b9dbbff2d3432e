import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { type Role, useHasRole } from '#dashboard/graph/me.ts';
import { invalidate, run } from '#dashboard/graph/query.ts';
import { ApiForm } from '#dashboard/kit/api-form.tsx';
import { CheckList } from '#dashboard/kit/check-list.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { ChangeMemberRole, SetMemberRights } from '#gateway/client/generated/organization.js';
import { MEMBER_LISTS, type Member } from './member.ts';
import { RoleSelect } from './role-select.tsx';

/** Changes the role of a member, and whether they manage the subscription. */
export function RoleDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const t = useTranslations('team');
  const tApp = useTranslations('app');
  const isOwner = useHasRole('OWNER');
  const [role, setRole] = useState<Role>(member.role);
  const [rights, setRights] = useState([...member.rights]);
  const form = useApiForm({}, async () => {
    const userId = member.user.id;
    if (role !== member.role) await run(ChangeMemberRole, { userId, role });
    if (rights.join() !== member.rights.join()) await run(SetMemberRights, { userId, rights });
    notify({ title: t('changed', { name: member.user.name }) });
    await invalidate(...MEMBER_LISTS);
    onClose();
  });
  return (
    <Dialog isOpen onClose={onClose} title={t('changeRole')} text={<bdi>{member.user.name}</bdi>}>
      <ApiForm form={form} submit={tApp('save')} onCancel={onClose}>
        <RoleSelect value={role} onChange={setRole} />
        {isOwner && (
          <CheckList
            label={t('rights')}
            options={[{ value: 'BILLING', label: t('billing'), hint: t('billingHint') }]}
            chosen={rights}
            onChange={setRights}
          />
        )}
      </ApiForm>
    </Dialog>
  );
}
