import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { RotateApiKeyDocument } from '#dashboard/graph/generated/graphql.ts';
import { invalidate, run } from '#dashboard/graph/query.ts';
import { ApiForm, PasswordFields } from '#dashboard/kit/api-form.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Secret } from '#dashboard/kit/secret.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import type { ApiKey } from './api-key.ts';

/** Gives a key a new secret; the previous one works for another day. */
export function RotateKeyDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const t = useTranslations('apiKeys');
  const [secret, setSecret] = useState<string>();
  const form = useApiForm({ password: '', code: '' }, async ({ password, code }) => {
    const rotated = await run(RotateApiKeyDocument, { password, code: code || undefined, apiKeyId: apiKey.id });
    setSecret(rotated.rotateApiKey?.secret);
    await invalidate('ListApiKeys');
  });
  return (
    <Dialog isOpen onClose={onClose} title={t('rotateTitle', { name: apiKey.name })} text={t('rotateText')}>
      {secret ? (
        <Secret label={t('secret')} value={secret} />
      ) : (
        <ApiForm form={form} submit={t('rotate')} onCancel={onClose}>
          <PasswordFields form={form} />
        </ApiForm>
      )}
    </Dialog>
  );
}
