import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { ask, invalidate, run } from '#dashboard/graph/query.ts';
import { attempt } from '#dashboard/kit/attempt.ts';
import { Confirm } from '#dashboard/kit/confirm.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { RowMenu } from '#dashboard/kit/row-menu.tsx';
import { Table } from '#dashboard/kit/table.tsx';
import { ListInvitations, ResendInvitation, RevokeInvitation } from '#gateway/client/generated/organization.js';
import type { ListInvitationsQuery } from '#gateway/client/generated/types.js';

type Invitation = NonNullable<NonNullable<ListInvitationsQuery['organization']>['invitations']>[number];

/** Who is invited and has not answered. */
export function Invitations() {
  const t = useTranslations('team');
  const tRoles = useTranslations('app.roles');
  const tApp = useTranslations('app');
  const { time } = useFigures();
  const query = useQuery(ask(ListInvitations, {}));
  const [revoked, setRevoked] = useState<Invitation>();
  const resend = ({ id, email }: Invitation) =>
    attempt(() => run(ResendInvitation, { invitationId: id }), { done: t('invited', { email }) });
  const revoke = async () => {
    if (!revoked) return;
    await run(RevokeInvitation, { invitationId: revoked.id });
    await invalidate('ListInvitations');
  };
  return (
    <Panel title={t('invitations')}>
      <Loaded query={query} lines={2}>
        {({ organization }) => {
          const rows = organization?.invitations ?? [];
          if (rows.length === 0) return <p className="faint">{t('noInvitations')}</p>;
          return (
            <Table
              label={t('invitations')}
              rows={rows}
              keyOf={({ id }) => id}
              columns={[
                { key: 'email', label: t('email'), isName: true, cell: ({ email }) => <bdi>{email}</bdi> },
                { key: 'role', label: t('role'), cell: ({ role }) => tRoles(role) },
                { key: 'by', label: t('invitedBy'), cell: ({ invitedBy }) => <bdi>{invitedBy?.name ?? '–'}</bdi> },
                { key: 'expires', label: t('expires'), cell: ({ expiresAt }) => time(expiresAt) },
                {
                  key: 'actions',
                  label: '',
                  isFigure: true,
                  cell: (invitation) => (
                    <RowMenu
                      label={tApp('actions', { name: invitation.email })}
                      actions={[
                        { label: t('resend'), onChoose: () => void resend(invitation) },
                        { label: t('revoke'), isDanger: true, onChoose: () => setRevoked(invitation) },
                      ]}
                    />
                  ),
                },
              ]}
            />
          );
        }}
      </Loaded>
      <Confirm
        isOpen={revoked !== undefined}
        onClose={() => setRevoked(undefined)}
        title={t('revokeTitle')}
        text={t('revokeText', { email: revoked?.email ?? '' })}
        action={t('revoke')}
        onConfirm={revoke}
      />
    </Panel>
  );
}
