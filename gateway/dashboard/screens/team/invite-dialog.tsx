import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Role } from '#dashboard/graph/me.ts';
import { ask, invalidate, run } from '#dashboard/graph/query.ts';
import { ApiForm } from '#dashboard/kit/api-form.tsx';
import { CheckList } from '#dashboard/kit/check-list.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { ListClients } from '#gateway/client/generated/connections.js';
import { InviteMember } from '#gateway/client/generated/organization.js';
import { RoleSelect } from './role-select.tsx';

function Form({ onClose }: { onClose: () => void }) {
  const t = useTranslations('team');
  const [role, setRole] = useState<Role>('ANALYST');
  const [clientIds, setClientIds] = useState<string[]>([]);
  const { data: answer } = useQuery(ask(ListClients, { first: 200 }));
  const clients = answer?.data.organization?.clients?.edges.map(({ node }) => node) ?? [];
  const form = useApiForm({ email: '' }, async ({ email }) => {
    const limit = role === 'VIEWER' && clientIds.length > 0 ? { clientIds } : {};
    await run(InviteMember, { email, role, ...limit });
    notify({ title: t('invited', { email }) });
    await invalidate('ListInvitations');
    onClose();
  });
  return (
    <ApiForm form={form} submit={t('sendInvitation')} onCancel={onClose}>
      <Field label={t('email')} type="email" autoComplete="off" {...form.field('email')} />
      <RoleSelect value={role} onChange={setRole} />
      {role === 'VIEWER' && clients.length > 0 && (
        <CheckList
          label={t('onlyClients')}
          options={clients.map(({ id, name }) => ({ value: id, label: name }))}
          chosen={clientIds}
          onChange={setClientIds}
        />
      )}
    </ApiForm>
  );
}

/** Invites someone by mail, with a role; a viewer to some clients only. */
export function InviteDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const t = useTranslations('team');
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t('invite')} text={t('inviteText')}>
      <Form onClose={onClose} />
    </Dialog>
  );
}
