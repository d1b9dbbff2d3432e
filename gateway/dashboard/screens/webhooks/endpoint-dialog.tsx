import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { ask, invalidate, run } from '#dashboard/graph/query.ts';
import { ApiForm } from '#dashboard/kit/api-form.tsx';
import { CheckList } from '#dashboard/kit/check-list.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { Secret } from '#dashboard/kit/secret.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { CreateWebhookEndpoint, ListWebhookEventTypes } from '#gateway/client/generated/webhooks.js';

/** Adds an endpoint, and shows the secret that signs its events once. */
export function EndpointDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('webhooks');
  const [eventTypes, setEventTypes] = useState<string[]>([]);
  const [secret, setSecret] = useState<string>();
  const { data: answer } = useQuery(ask(ListWebhookEventTypes, {}));
  const form = useApiForm({ url: '', description: '' }, async ({ url, description }) => {
    const created = await run(CreateWebhookEndpoint, {
      url,
      description: description || undefined,
      eventTypes: eventTypes.length > 0 ? eventTypes : undefined,
    });
    setSecret(created.createWebhookEndpoint?.secret);
    await invalidate('ListWebhookEndpoints');
  });
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={secret ? t('created') : t('create')}
      text={secret ? undefined : t('createText')}
    >
      {secret ? (
        <Secret label={t('secret')} value={secret} />
      ) : (
        <ApiForm form={form} submit={t('create')} onCancel={onClose}>
          <Field label={t('url')} type="url" placeholder="https://" autoComplete="off" {...form.field('url')} />
          <Field label={t('description')} autoComplete="off" {...form.field('description')} />
          <CheckList
            label={t('eventsNone')}
            options={(answer?.data.webhookEventTypes ?? []).map(({ name, description }) => ({
              value: name,
              label: name,
              hint: description,
            }))}
            chosen={eventTypes}
            onChange={setEventTypes}
          />
        </ApiForm>
      )}
    </Dialog>
  );
}
