import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { ask, invalidate, run } from '#dashboard/graph/query.ts';
import { ApiForm } from '#dashboard/kit/api-form.tsx';
import { CheckList } from '#dashboard/kit/check-list.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Skeleton } from '#dashboard/kit/skeleton.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { KeepWithinPlan } from '#gateway/client/generated/billing.js';
import { ListAccounts, ListClients, ListConnections } from '#gateway/client/generated/connections.js';
import { ListMembers } from '#gateway/client/generated/organization.js';
import { ListReportSchedules } from '#gateway/client/generated/reports.js';

/** The limits within which it can be chosen what stays in use. */
export const keptLimits = ['CONNECTIONS', 'ACCOUNTS', 'CLIENTS', 'SCHEDULES', 'MEMBERS'] as const;
export type KeptLimit = (typeof keptLimits)[number];

interface Kept {
  value: string;
  label: string;
  hint?: string;
  /** Whether it is in use now. */
  isInUse: boolean;
}

/** Returns what a limit counts, in use or not; undefined while it is loading. */
function useCounted(limit: KeptLimit): Kept[] | undefined {
  const enabled = (each: KeptLimit) => ({ enabled: limit === each });
  const connections = useQuery({ ...ask(ListConnections, {}), ...enabled('CONNECTIONS') }).data?.data.organization;
  const accounts = useQuery({ ...ask(ListAccounts, {}), ...enabled('ACCOUNTS') }).data?.data.organization;
  const clients = useQuery({ ...ask(ListClients, { first: 1000 }), ...enabled('CLIENTS') }).data?.data.organization;
  const schedules = useQuery({ ...ask(ListReportSchedules, { first: 1000 }), ...enabled('SCHEDULES') }).data?.data
    .organization;
  const members = useQuery({ ...ask(ListMembers, { first: 1000 }), ...enabled('MEMBERS') }).data?.data.organization;
  if (limit === 'CONNECTIONS')
    return connections?.connections?.map(({ id, provider, grantedBy, isReadOnly }) => ({
      value: id,
      label: provider.name,
      hint: grantedBy ?? undefined,
      isInUse: !isReadOnly,
    }));
  if (limit === 'ACCOUNTS')
    return accounts?.accounts?.map(({ id, name, provider, isReadOnly }) => ({
      value: id,
      label: name,
      hint: provider.name,
      isInUse: !isReadOnly,
    }));
  if (limit === 'CLIENTS')
    return clients?.clients?.edges.map(({ node: { id, name, isReadOnly } }) => ({
      value: id,
      label: name,
      isInUse: !isReadOnly,
    }));
  if (limit === 'SCHEDULES')
    return schedules?.reportSchedules?.edges.map(({ node: { id, name, pause } }) => ({
      value: id,
      label: name,
      isInUse: pause !== 'LIMIT_REACHED',
    }));
  return members?.members?.edges.map(({ node: { user, isReadOnly } }) => ({
    value: user.id,
    label: user.name,
    hint: user.email,
    isInUse: !isReadOnly,
  }));
}

function Choice({ counted, limit, onClose }: { counted: Kept[]; limit: KeptLimit; onClose: () => void }) {
  const tApp = useTranslations('app');
  const t = useTranslations('billing');
  const [ids, setIds] = useState(() => counted.filter(({ isInUse }) => isInUse).map(({ value }) => value));
  const form = useApiForm({}, async () => {
    await run(KeepWithinPlan, { limit, ids });
    notify({ title: t('keptWithin') });
    onClose();
    await invalidate('GetEntitlements', 'ListConnections', 'ListAccounts', 'ListClients', 'ListMembers', 'TeamMembers');
    await invalidate('Connections', 'ListReportSchedules');
  });
  return (
    <ApiForm form={form} submit={tApp('save')} onCancel={onClose}>
      <CheckList label={t(`limit.${limit}`)} options={counted} chosen={ids} onChange={setIds} />
    </ApiForm>
  );
}

/** Chooses what stays in use where the organization has more than its plan allows. The rest can be read only; nothing is deleted. */
export function KeepDialog({ limit, most, onClose }: { limit: KeptLimit; most: number; onClose: () => void }) {
  const t = useTranslations('billing');
  const counted = useCounted(limit);
  return (
    <Dialog isOpen onClose={onClose} title={t('keepTitle')} text={t('keepText', { count: most })}>
      {counted ? <Choice counted={counted} limit={limit} onClose={onClose} /> : <Skeleton lines={4} />}
    </Dialog>
  );
}
