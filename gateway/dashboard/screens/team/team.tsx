import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useHasRole } from '#dashboard/graph/me.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { Page } from '#dashboard/kit/page.tsx';
import { Invitations } from './invitations.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { Members } from './members.tsx';

/** Who belongs to the organization, with which role, and who is invited. */
export function Screen() {
  const t = useTranslations('team');
  const isAdmin = useHasRole('ADMIN');
  const [isInviting, setInviting] = useState(false);
  const invite = (
    <Button look="primary" icon={<UserPlus aria-hidden size={16} />} onClick={() => setInviting(true)}>
      {t('invite')}
    </Button>
  );
  return (
    <Page title={t('title')} text={t('text')} actions={isAdmin && invite}>
      <Members isAdmin={isAdmin} />
      {isAdmin && <Invitations />}
      <InviteDialog isOpen={isInviting} onClose={() => setInviting(false)} />
    </Page>
  );
}
