import { useMutation, useQuery } from '@tanstack/react-query';
import { Plug } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useHasRole } from '#dashboard/graph/me.ts';
import { ask, describeError, runOnce } from '#dashboard/graph/query.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Loaded } from '#dashboard/kit/panel.tsx';
import { AuthorizeConnection, ListProviders } from '#gateway/client/generated/connections.js';
import { RETURN_TO } from './return-to.ts';

const authorize = runOnce(AuthorizeConnection);

function Providers() {
  const query = useQuery(ask(ListProviders, {}));
  const start = useMutation({
    mutationFn: (providerId: string) => authorize({ providerId, returnTo: RETURN_TO }),
    onSuccess: ({ authorizeConnection }) => window.location.assign(authorizeConnection.authorizeUrl),
  });
  const isLeaving = start.isPending || start.isSuccess;
  return (
    <>
      {start.error && (
        <p className="field-problem" role="alert">
          {describeError(start.error).message}
        </p>
      )}
      <Loaded query={query} lines={6}>
        {({ providers }) => (
          <ul className="providers">
            {providers.map(({ id, name, products }) => (
              <li key={id}>
                <Button
                  className="provider"
                  isBusy={isLeaving && start.variables === id}
                  aria-disabled={isLeaving}
                  onClick={() => !isLeaving && start.mutate(id)}
                >
                  {name}
                  <span className="faint">{products.map((product) => product.replaceAll('-', ' ')).join(', ')}</span>
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </>
  );
}

/** Starts a connection: its provider is chosen here, the consent is given there, and it leads back to `complete.tsx`. */
export function Connect() {
  const t = useTranslations('connections');
  const [isOpen, setOpen] = useState(false);
  const mayConnect = useHasRole('ADMIN');
  if (!mayConnect) return null;
  return (
    <>
      <Button look="primary" icon={<Plug aria-hidden size={16} />} onClick={() => setOpen(true)}>
        {t('connect')}
      </Button>
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title={t('connectTitle')} text={t('connectText')}>
        <Providers />
      </Dialog>
    </>
  );
}
