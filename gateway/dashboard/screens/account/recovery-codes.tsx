import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { RegenerateRecoveryCodesDocument } from '#dashboard/graph/generated/graphql.ts';
import { invalidate, run } from '#dashboard/graph/query.ts';
import { ApiForm, PasswordFields } from '#dashboard/kit/api-form.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Secret } from '#dashboard/kit/secret.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';

/** Recovery codes, which are shown once: each on its line, to copy or to keep as a file. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  const t = useTranslations('account');
  return <Secret label={t('recoveryText')} value={codes.join('\n')} fileName="webmetrics-recovery-codes.txt" />;
}

/** Replaces the recovery codes by new ones. */
export function RenewCodesDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('account');
  const [codes, setCodes] = useState<readonly string[]>();
  const form = useApiForm({ password: '', code: '' }, async (given) => {
    const { regenerateRecoveryCodes } = await run(RegenerateRecoveryCodesDocument, given);
    setCodes(regenerateRecoveryCodes?.recoveryCodes);
    await invalidate('GetRecoveryCodesLeft');
  });
  return (
    <Dialog isOpen onClose={onClose} title={t('renewCodes')} text={codes ? undefined : t('renewCodesText')}>
      {codes ? (
        <RecoveryCodes codes={codes} />
      ) : (
        <ApiForm form={form} submit={t('renewCodes')} onCancel={onClose}>
          <PasswordFields form={{ ...form, needsCode: true }} />
        </ApiForm>
      )}
    </Dialog>
  );
}
