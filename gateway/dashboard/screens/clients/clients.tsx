import './clients.css';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import * as z from 'zod/mini';
import { useHasRole } from '#dashboard/graph/me.ts';
import { usePages } from '#dashboard/graph/pages.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { LoadMore } from '#dashboard/kit/load-more.tsx';
import { Page } from '#dashboard/kit/page.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { Select } from '#dashboard/kit/select.tsx';
import { Empty } from '#dashboard/kit/states.tsx';
import { useSearchOf } from '#dashboard/kit/use-search.ts';
import { ListClients } from '#gateway/client/generated/connections.js';
import type { Client } from './client.ts';
import { ClientEditor } from './client-editor.tsx';
import { ClientTable } from './client-table.tsx';

const PAGE_SIZE = 200;
const schema = z.object({ show: z.catch(z.enum(['current', 'all']), 'current') });

/** The customers of an agency, and which accounts are theirs. */
export function Screen() {
  const t = useTranslations('clients');
  const [{ show }, change] = useSearchOf(schema);
  const [edited, setEdited] = useState<Client | 'new'>();
  const mayEdit = useHasRole('ANALYST');
  const list = usePages(
    ListClients,
    { includeArchived: show === 'all', first: PAGE_SIZE },
    ({ organization }) => organization?.clients,
  );
  const create = mayEdit && (
    <Button look="primary" icon={<Plus aria-hidden size={16} />} onClick={() => setEdited('new')}>
      {t('create')}
    </Button>
  );
  const which = (
    <Select
      label={t('show')}
      isLabelHidden
      value={show}
      options={[
        { value: 'current', label: t('current') },
        { value: 'all', label: t('all') },
      ]}
      onChange={(next) => void change({ show: next })}
    />
  );
  return (
    <Page title={t('title')} text={t('text')} actions={create}>
      <Panel title={t('list')} actions={which}>
        <Loaded query={list.query} lines={8}>
          {({ organization }) =>
            organization?.clients &&
            (list.items.length === 0 ? (
              <Empty title={t('emptyTitle')} text={t('emptyText')} action={create} />
            ) : (
              <>
                <ClientTable clients={list.items} onEdit={mayEdit ? setEdited : undefined} />
                <LoadMore list={list} />
              </>
            ))
          }
        </Loaded>
      </Panel>
      {edited && <ClientEditor client={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
    </Page>
  );
}
