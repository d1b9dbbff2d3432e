import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import * as z from 'zod/mini';
import { usePages } from '#dashboard/graph/pages.ts';
import { ask } from '#dashboard/graph/query.ts';
import { Loaded } from '#dashboard/kit/panel.tsx';
import { Select } from '#dashboard/kit/select.tsx';
import { useSearchOf } from '#dashboard/kit/use-search.ts';
import { ListClients } from '#gateway/client/generated/connections.js';
import { GetBranding, ListClientBrandings } from '#gateway/client/generated/reports.js';
import type { BrandingProps } from './branding.ts';
import { BrandingForm } from './branding-form.tsx';
import { Logo } from './logo.tsx';

const schema = z.object({ of: z.catch(z.optional(z.string()), undefined) });
const ORGANIZATION = 'organization';
const ALL = 1000;

function Look(props: BrandingProps) {
  return (
    <>
      <BrandingForm {...props} />
      <Logo {...props} />
    </>
  );
}

/** How reports look: those of the organization, and those that are limited to one client. */
export function Brandings({ isAdmin }: { isAdmin: boolean }) {
  const t = useTranslations('organization');
  const [{ of }, change] = useSearchOf(schema);
  const own = useQuery(ask(GetBranding, {}));
  const clients = usePages(ListClients, { first: ALL }, ({ organization }) => organization?.clients);
  const ofClients = usePages(ListClientBrandings, { first: ALL }, ({ organization }) => organization?.clientBrandings);
  const client = clients.items.find(({ id }) => id === of);
  return (
    <div className="stack stack-narrow">
      {clients.items.length > 0 && (
        <Select
          label={t('brandingOf')}
          value={client?.id ?? ORGANIZATION}
          options={[
            { value: ORGANIZATION, label: t('everyReport') },
            ...clients.items.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(id) => void change({ of: id === ORGANIZATION ? undefined : id })}
        />
      )}
      {client ? (
        <Loaded query={ofClients.query} lines={8}>
          {() => {
            const branding = ofClients.items.find(({ client: each }) => each?.id === client.id);
            return <Look key={client.id} branding={branding} clientId={client.id} isAdmin={isAdmin} />;
          }}
        </Loaded>
      ) : (
        <Loaded query={own} lines={8}>
          {({ organization }) => (
            <Look branding={organization?.branding ?? undefined} clientId={undefined} isAdmin={isAdmin} />
          )}
        </Loaded>
      )}
    </div>
  );
}
