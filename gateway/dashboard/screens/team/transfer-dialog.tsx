import { useTranslations } from 'use-intl';
import { TransferOwnershipDocument } from '#dashboard/graph/generated/graphql.ts';
import { invalidate, run } from '#dashboard/graph/query.ts';
import { ApiForm, PasswordFields } from '#dashboard/kit/api-form.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { MEMBER_LISTS, type Member } from './member.ts';

/** Makes a member the owner in the caller's place. */
export function TransferDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const t = useTranslations('team');
  const { id: userId, name } = member.user;
  const form = useApiForm({ password: '', code: '' }, async ({ password, code }) => {
    await run(TransferOwnershipDocument, { userId, password, code: code || undefined });
    notify({ title: t('transferred', { name }) });
    await invalidate(...MEMBER_LISTS, 'GetUser');
    onClose();
  });
  return (
    <Dialog isOpen onClose={onClose} title={t('transfer')} text={t('transferText', { name })}>
      <ApiForm form={form} submit={t('transfer')} look="danger" onCancel={onClose}>
        <PasswordFields form={form} />
      </ApiForm>
    </Dialog>
  );
}
