import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { ask } from '#dashboard/graph/query.ts';
import { ListClients } from '#gateway/client/generated/connections.js';
import { Select } from './select.tsx';
import { useQuestion } from './use-search.ts';

const ALL = 'all';

/** Chooses whose figures are shown: of one client, or of the whole organization. Nothing where there are no clients. */
export function ClientPicker() {
  const t = useTranslations('app.period');
  const [{ client }, change] = useQuestion();
  const { data: answer } = useQuery(ask(ListClients, { first: 1000 }));
  const clients = answer?.data.organization?.clients?.edges.map(({ node }) => node) ?? [];
  if (answer && clients.length === 0 && !client) return null;
  const isListed = client === undefined || clients.some(({ id }) => id === client);
  return (
    <Select
      label={t('client')}
      isLabelHidden
      className="client-picker"
      value={client ?? ALL}
      options={[
        { value: ALL, label: t('allClients') },
        ...clients.map(({ id, name }) => ({ value: id, label: name })),
        // Archived, or not loaded yet.
        ...(isListed ? [] : [{ value: client, label: t('otherClient') }]),
      ]}
      onChange={(value) => void change({ client: value === ALL ? undefined : value })}
    />
  );
}
