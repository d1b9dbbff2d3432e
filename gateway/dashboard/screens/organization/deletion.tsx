import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { DeleteOrganizationDocument } from '#dashboard/graph/generated/graphql.ts';
import { invalidate, run } from '#dashboard/graph/query.ts';
import { ApiForm, PasswordFields } from '#dashboard/kit/api-form.tsx';
import { attempt } from '#dashboard/kit/attempt.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Panel } from '#dashboard/kit/panel.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { CancelOrganizationDeletion } from '#gateway/client/generated/organization.js';
import type { Organization } from './organization.ts';

const CHANGED = ['GetOrganization', 'GetUser', 'GetSubscription'];

function DeleteDialog({ name: expected, onClose }: { name: string; onClose: () => void }) {
  const t = useTranslations('organization');
  const form = useApiForm({ name: '', password: '', code: '' }, async ({ name, password, code }) => {
    await run(DeleteOrganizationDocument, { name, password, code: code || undefined });
    onClose();
    await invalidate(...CHANGED);
  });
  return (
    <Dialog isOpen onClose={onClose} title={t('deleteTitle', { name: expected })} text={t('deleteText')}>
      <ApiForm form={form} submit={t('delete')} look="danger" onCancel={onClose}>
        <Field label={t('repeatName')} autoComplete="off" {...form.field('name')} />
        <PasswordFields form={form} />
      </ApiForm>
    </Dialog>
  );
}

/** Deleting the organization in a week, and cancelling that until then. */
export function Deletion({ organization: { name, deletionAt } }: { organization: Organization }) {
  const t = useTranslations('organization');
  const { time } = useFigures();
  const [isOpen, setOpen] = useState(false);
  const cancel = async () => {
    await run(CancelOrganizationDeletion, {});
    await invalidate(...CHANGED);
  };
  return (
    <Panel title={t('delete')} text={deletionAt ? t('deletionAt', { time: time(deletionAt) }) : t('deleteText')}>
      <div className="form-buttons">
        {deletionAt ? (
          <Button look="primary" onClick={() => void attempt(cancel, { done: t('deletionCancelled') })}>
            {t('cancelDeletion')}
          </Button>
        ) : (
          <Button look="danger" onClick={() => setOpen(true)}>
            {t('delete')}
          </Button>
        )}
      </div>
      {isOpen && <DeleteDialog name={name} onClose={() => setOpen(false)} />}
    </Panel>
  );
}
