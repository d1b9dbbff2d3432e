import { useQuery } from '@tanstack/react-query';
import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { invalidate, problemsByArgument, run } from '#dashboard/graph/query.ts';
import { Page } from '#dashboard/kit/page.tsx';
import { Panel } from '#dashboard/kit/panel.tsx';
import { Skeleton } from '#dashboard/kit/skeleton.tsx';
import { Empty, Failed } from '#dashboard/kit/states.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { CompleteConnection } from '#gateway/client/generated/connections.js';

/** Completes a consent once, however often the page asks: the code is the key of the request. */
const completion = (code: string) => ({
  queryKey: ['CompleteConnection', code],
  queryFn: () => run(CompleteConnection, { code }, `complete-${code}`),
  staleTime: Number.POSITIVE_INFINITY,
  enabled: code !== '',
});

/** Where a consent leads back to: completes the connection and goes on to the list, or says why nothing was connected. */
export function Screen() {
  const t = useTranslations('connections.complete');
  const navigate = useNavigate();
  const outcome = new URLSearchParams(useLocation().hash);
  const query = useQuery(completion(outcome.get('code') ?? ''));
  const connection = query.data?.completeConnection.connection;
  useEffect(() => {
    if (!connection) return;
    notify({ title: t('done', { provider: connection.provider.name, count: connection.accounts.length }) });
    void invalidate('Connections', 'ListAccounts');
    void navigate({ to: '/app/connections', replace: true } as never);
  }, [connection, navigate, t]);
  const back = (
    <Link to={'/app/connections' as never} className="button button-plain">
      {t('back')}
    </Link>
  );
  const show = (): ReactNode => {
    if (problemsByArgument(query.error).code)
      return <Empty title={t('expiredTitle')} text={t('expiredText')} action={back} />;
    if (query.error)
      return (
        <>
          <Failed error={query.error} />
          <p className="load-more">{back}</p>
        </>
      );
    if (outcome.has('code')) return <Skeleton lines={4} />;
    const isDenied = outcome.get('error') === 'access_denied';
    return (
      <Empty
        title={t(isDenied ? 'deniedTitle' : 'nothingTitle')}
        text={t(isDenied ? 'deniedText' : 'nothingText')}
        action={back}
      />
    );
  };
  return (
    <Page title={t('title')}>
      <Panel title={t('panel')}>{show()}</Panel>
    </Page>
  );
}
