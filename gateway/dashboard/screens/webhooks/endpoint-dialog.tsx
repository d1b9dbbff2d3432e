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
import {
  CreateWebhookEndpoint,
  ListWebhookEventTypes,
  UpdateWebhookEndpoint,
} from '#gateway/client/generated/webhooks.js';
import type { Endpoint } from './endpoint.ts';

/** Every type, those of later versions included. */
const ALL = '*';

/** Adds an endpoint, and shows the secret that signs its events once; or changes one. */
export function EndpointDialog({ endpoint, onClose }: { endpoint?: Endpoint; onClose: () => void }) {
  const t = useTranslations('webhooks');
  const tApp = useTranslations('app');
  const [eventTypes, setEventTypes] = useState((endpoint?.eventTypes ?? []).filter((type) => type !== ALL));
  const [secret, setSecret] = useState<string>();
  const { data: answer } = useQuery(ask(ListWebhookEventTypes, {}));
  const initial = { url: endpoint?.url ?? '', description: endpoint?.description ?? '' };
  const form = useApiForm(initial, async ({ url, description }) => {
    if (endpoint) {
      const given = { url, description, eventTypes: eventTypes.length > 0 ? eventTypes : [ALL] };
      await run(UpdateWebhookEndpoint, { endpointId: endpoint.id, ...given });
      await invalidate('ListWebhookEndpoints');
      return onClose();
    }
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
      title={secret ? t('created') : endpoint ? t('edit') : t('create')}
      text={secret ? undefined : t('createText')}
    >
      {secret ? (
        <Secret label={t('secret')} value={secret} />
      ) : (
        <ApiForm form={form} submit={endpoint ? tApp('save') : t('create')} onCancel={onClose}>
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
