import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { ask, invalidate, run } from '#dashboard/graph/query.ts';
import { ApiForm } from '#dashboard/kit/api-form.tsx';
import { CheckList } from '#dashboard/kit/check-list.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { ListClients } from '#gateway/client/generated/connections.js';
import { LiftMemberLimit, LimitMember } from '#gateway/client/generated/organization.js';
import { MEMBER_LISTS, type Member } from './member.ts';

/** Limits a member who reads to some clients, or lifts that. */
export function LimitDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const t = useTranslations('team');
  const tApp = useTranslations('app');
  const userId = member.user.id;
  const [clientIds, setClientIds] = useState((member.clients ?? []).flatMap((client) => client?.id ?? []));
  const { data: answer } = useQuery(ask(ListClients, { first: 1000 }));
  const clients = answer?.data.organization?.clients?.edges.map(({ node }) => node) ?? [];
  const form = useApiForm({}, async () => {
    if (clientIds.length > 0) await run(LimitMember, { userId, clientIds });
    else if (member.clients) await run(LiftMemberLimit, { userId });
    notify({ title: t('limitChanged', { name: member.user.name }) });
    await invalidate(...MEMBER_LISTS);
    onClose();
  });
  return (
    <Dialog isOpen onClose={onClose} title={t('limit')} text={<bdi>{member.user.name}</bdi>}>
      <ApiForm form={form} submit={tApp('save')} onCancel={onClose}>
        <CheckList
          label={t('onlyClients')}
          options={clients.map(({ id, name }) => ({ value: id, label: name }))}
          chosen={clientIds}
          onChange={setClientIds}
          empty={answer && t('noClients')}
        />
      </ApiForm>
    </Dialog>
  );
}
