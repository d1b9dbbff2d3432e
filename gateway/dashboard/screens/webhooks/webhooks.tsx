import { useQuery } from '@tanstack/react-query';
import { Webhook } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import * as z from 'zod/mini';
import { ask } from '#dashboard/graph/query.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { Page } from '#dashboard/kit/page.tsx';
import { Loaded } from '#dashboard/kit/panel.tsx';
import { Empty } from '#dashboard/kit/states.tsx';
import { useSearchOf } from '#dashboard/kit/use-search.ts';
import { ListWebhookEndpoints } from '#gateway/client/generated/webhooks.js';
import { Deliveries } from './deliveries.tsx';
import { EndpointDialog } from './endpoint-dialog.tsx';
import { Endpoints } from './endpoints.tsx';

const schema = z.object({ endpoint: z.catch(z.optional(z.string()), undefined) });

/** Where events are sent, and what became of each delivery. */
export function Screen() {
  const t = useTranslations('webhooks');
  const [{ endpoint: chosen }, change] = useSearchOf(schema);
  const [isCreating, setCreating] = useState(false);
  const query = useQuery(ask(ListWebhookEndpoints, {}));
  const create = (
    <Button look="primary" icon={<Webhook aria-hidden size={16} />} onClick={() => setCreating(true)}>
      {t('create')}
    </Button>
  );
  return (
    <Page title={t('title')} text={t('text')} actions={create}>
      <Loaded query={query} lines={4}>
        {({ organization }) => {
          const endpoints = organization?.webhookEndpoints;
          if (!endpoints) return null;
          if (endpoints.length === 0) return <Empty title={t('emptyTitle')} text={t('emptyText')} />;
          const shown = endpoints.find(({ id }) => id === chosen) ?? endpoints[0];
          return (
            <>
              <Endpoints endpoints={endpoints} shownId={shown?.id} onShow={(endpoint) => void change({ endpoint })} />
              {shown && <Deliveries key={shown.id} endpoint={shown} />}
            </>
          );
        }}
      </Loaded>
      {isCreating && <EndpointDialog onClose={() => setCreating(false)} />}
    </Page>
  );
}
