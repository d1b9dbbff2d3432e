import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { CreateApiKeyDocument } from '#dashboard/graph/generated/graphql.ts';
import { ask, invalidate, run } from '#dashboard/graph/query.ts';
import { ApiForm, PasswordFields } from '#dashboard/kit/api-form.tsx';
import { CheckList } from '#dashboard/kit/check-list.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { Secret } from '#dashboard/kit/secret.tsx';
import { Select } from '#dashboard/kit/select.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { ListApiKeyScopes } from '#gateway/client/generated/organization.js';

const DAYS = ['30', '90', '365'] as const;

/** Creates a key, and shows its secret once. */
export function CreateKeyDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('apiKeys');
  const [scopes, setScopes] = useState<string[]>(['read:campaigns']);
  const [kind, setKind] = useState<'live' | 'test'>('live');
  const [days, setDays] = useState<(typeof DAYS)[number]>('90');
  const [secret, setSecret] = useState<string>();
  const { data: answer } = useQuery(ask(ListApiKeyScopes, {}));
  const offered = (answer?.data.apiKeyScopes ?? []).filter(({ name }) => kind === 'live' || !name.startsWith('write:'));
  const form = useApiForm({ name: '', scopes: '', password: '', code: '' }, async ({ name, password, code }) => {
    const given = scopes.filter((scope) => offered.some((each) => each.name === scope));
    const created = await run(CreateApiKeyDocument, {
      name,
      password,
      code: code || undefined,
      scopes: given,
      isTest: kind === 'test',
      expiresInDays: Number(days),
    });
    setSecret(created.createApiKey?.secret);
    await invalidate('ListApiKeys');
  });
  if (secret)
    return (
      <Dialog isOpen onClose={onClose} title={t('createdTitle')}>
        <Secret label={t('secret')} value={secret} />
      </Dialog>
    );
  return (
    <Dialog isOpen onClose={onClose} title={t('create')} text={t('createText')}>
      <ApiForm form={form} submit={t('create')} onCancel={onClose}>
        <Field label={t('name')} autoComplete="off" placeholder={t('nameExample')} {...form.field('name')} />
        <Select
          label={t('kind')}
          value={kind}
          options={[
            { value: 'live', label: t('live') },
            { value: 'test', label: t('testHint') },
          ]}
          onChange={setKind}
        />
        <CheckList
          label={t('scopes')}
          options={offered.map(({ name, description }) => ({ value: name, label: name, hint: description }))}
          chosen={scopes}
          onChange={setScopes}
          problem={form.formState.errors.scopes?.message}
        />
        <Select
          label={t('validity')}
          value={days}
          options={DAYS.map((value) => ({ value, label: t('days', { count: Number(value) }) }))}
          onChange={setDays}
        />
        <PasswordFields form={form} />
      </ApiForm>
    </Dialog>
  );
}
