import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { TeamMembersDocument } from '#dashboard/graph/generated/graphql.ts';
import { useHasRole, useMe } from '#dashboard/graph/me.ts';
import { usePages } from '#dashboard/graph/pages.ts';
import { invalidate, run } from '#dashboard/graph/query.ts';
import { Confirm } from '#dashboard/kit/confirm.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { LoadMore } from '#dashboard/kit/load-more.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { RowMenu } from '#dashboard/kit/row-menu.tsx';
import { Table } from '#dashboard/kit/table.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { RemoveMember, ResetTwoFactor } from '#gateway/client/generated/organization.js';
import { LimitDialog } from './limit-dialog.tsx';
import { MEMBER_LISTS, type Member } from './member.ts';
import { RoleDialog } from './role-dialog.tsx';
import { TransferDialog } from './transfer-dialog.tsx';

/** The members with their roles. Administrators change these; owners are for owners. */
export function Members({ isAdmin }: { isAdmin: boolean }) {
  const t = useTranslations('team');
  const tRoles = useTranslations('app.roles');
  const tApp = useTranslations('app');
  const { time, day } = useFigures();
  const me = useMe();
  const isOwner = useHasRole('OWNER');
  const [changed, setChanged] = useState<Member>();
  const [removed, setRemoved] = useState<Member>();
  const [limited, setLimited] = useState<Member>();
  const [reset, setReset] = useState<Member>();
  const [successor, setSuccessor] = useState<Member>();
  const list = usePages(TeamMembersDocument, { first: 100 }, ({ organization }) => organization?.members);
  const actionsFor = (member: Member) => {
    const isOther = member.user.id !== me?.id;
    if (!isAdmin || !isOther || (member.role === 'OWNER' && !isOwner)) return [];
    return [
      { label: t('changeRole'), onChoose: () => setChanged(member) },
      // Only who reads can be limited; a limit is lifted whatever the role.
      ...(member.role === 'VIEWER' ? [{ label: t('limit'), onChoose: () => setLimited(member) }] : []),
      ...(isOwner ? [{ label: t('transfer'), onChoose: () => setSuccessor(member) }] : []),
      ...(member.user.hasTwoFactor ? [{ label: t('resetTwoFactor'), onChoose: () => setReset(member) }] : []),
      { label: t('remove'), isDanger: true, onChoose: () => setRemoved(member) },
    ];
  };
  const remove = async () => {
    if (!removed) return;
    await run(RemoveMember, { userId: removed.user.id });
    notify({ title: t('removed', { name: removed.user.name }) });
    await invalidate(...MEMBER_LISTS);
  };
  const resetTwoFactor = async () => {
    if (!reset) return;
    await run(ResetTwoFactor, { userId: reset.user.id });
    notify({ title: t('twoFactorReset', { name: reset.user.name }) });
    await invalidate('TeamMembers');
  };
  return (
    <Panel title={t('members')}>
      <Loaded query={list.query} lines={6}>
        {() => (
          <Table
            label={t('members')}
            rows={list.items}
            keyOf={({ user }) => user.id}
            columns={[
              {
                key: 'name',
                label: t('name'),
                isName: true,
                cell: ({ user }) => (
                  <span className="person">
                    <bdi>{user.name}</bdi>
                    {user.id === me?.id && <span className="badge">{t('you')}</span>}
                    {user.hasTwoFactor && <span className="badge badge-good">{t('twoFactor')}</span>}
                    <bdi className="faint">{user.email}</bdi>
                  </span>
                ),
              },
              {
                key: 'role',
                label: t('role'),
                cell: ({ role, rights, isReadOnly }) => (
                  <>
                    {tRoles(role)}
                    {rights.includes('BILLING') && <span className="faint">, {t('billing')}</span>}
                    {isReadOnly && <span className="badge badge-warning">{t('readOnly')}</span>}
                  </>
                ),
              },
              {
                key: 'clients',
                label: t('sees'),
                cell: ({ clients }) =>
                  clients ? <bdi>{clients.map((client) => client?.name ?? '–').join(', ')}</bdi> : t('everything'),
              },
              { key: 'joined', label: t('joined'), cell: ({ joinedAt }) => day(joinedAt.slice(0, 10)) },
              { key: 'seen', label: t('lastSeen'), cell: ({ lastSeenAt }) => time(lastSeenAt) },
              {
                key: 'actions',
                label: '',
                isFigure: true,
                cell: (member) => (
                  <RowMenu label={tApp('actions', { name: member.user.name })} actions={actionsFor(member)} />
                ),
              },
            ]}
          />
        )}
      </Loaded>
      <LoadMore list={list} />
      {changed && <RoleDialog member={changed} onClose={() => setChanged(undefined)} />}
      {limited && <LimitDialog member={limited} onClose={() => setLimited(undefined)} />}
      {successor && <TransferDialog member={successor} onClose={() => setSuccessor(undefined)} />}
      <Confirm
        isOpen={reset !== undefined}
        onClose={() => setReset(undefined)}
        title={t('resetTwoFactorTitle')}
        text={t('resetTwoFactorText', { name: reset?.user.name ?? '' })}
        action={t('resetTwoFactor')}
        onConfirm={resetTwoFactor}
      />
      <Confirm
        isOpen={removed !== undefined}
        onClose={() => setRemoved(undefined)}
        title={t('removeTitle')}
        text={t('removeText', { name: removed?.user.name ?? '' })}
        action={t('remove')}
        onConfirm={remove}
      />
    </Panel>
  );
}
