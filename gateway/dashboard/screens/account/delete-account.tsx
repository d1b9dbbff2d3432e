import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { signOut } from '#dashboard/app/sign-out.ts';
import { DeleteAccountDocument } from '#dashboard/graph/generated/graphql.ts';
import type { Me } from '#dashboard/graph/me.ts';
import { run } from '#dashboard/graph/query.ts';
import { ApiForm, PasswordFields } from '#dashboard/kit/api-form.tsx';
import { Button } from '#dashboard/kit/button.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Panel } from '#dashboard/kit/panel.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';

function DeleteDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('account');
  const form = useApiForm({ password: '', code: '' }, async ({ password, code }) => {
    await run(DeleteAccountDocument, { password, code: code || undefined });
    await signOut();
  });
  return (
    <Dialog isOpen onClose={onClose} title={t('deleteAccountTitle')} text={t('deleteAccountText')}>
      <ApiForm form={form} submit={t('deleteAccount')} look="danger" onCancel={onClose}>
        <PasswordFields form={form} />
      </ApiForm>
    </Dialog>
  );
}

/** The end of the account, which is possible once the user belongs to no organization. */
export function DeleteAccount({ me }: { me: Me }) {
  const t = useTranslations('account');
  const [isOpen, setOpen] = useState(false);
  const isMember = (me.memberships ?? []).length > 0;
  return (
    <Panel
      title={t('deleteAccount')}
      text={t(isMember ? 'deleteAccountFirst' : 'deleteAccountText')}
      actions={
        !isMember && (
          <Button look="danger" onClick={() => setOpen(true)}>
            {t('deleteAccount')}
          </Button>
        )
      }
    >
      {isOpen && <DeleteDialog onClose={() => setOpen(false)} />}
    </Panel>
  );
}
