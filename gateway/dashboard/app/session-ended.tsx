import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { onSessionEnd } from '#dashboard/graph/client.ts';
import { queryClient } from '#dashboard/graph/query.ts';
import { watchOtherTabs } from '#dashboard/graph/session.ts';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Skeleton } from '#dashboard/kit/skeleton.tsx';

const SignInForm = lazy(() =>
  import('#dashboard/screens/sign-in/sign-in-form.tsx').then((form) => ({ default: form.SignInForm })),
);

/** Asks to sign in again over the screen when the session has ended, so that what was entered there stays. */
export function SessionEnded() {
  const t = useTranslations('app.states');
  const [hasEnded, setEnded] = useState(false);
  useEffect(() => onSessionEnd(() => setEnded(true)), []);
  const resume = () => {
    setEnded(false);
    void queryClient.resetQueries();
  };
  useEffect(() => watchOtherTabs(() => window.location.reload()), []);
  return (
    <Dialog isOpen={hasEnded} title={t('endedTitle')} text={t('endedText')}>
      <Suspense fallback={<Skeleton lines={4} />}>
        <SignInForm onSignedIn={resume} />
      </Suspense>
    </Dialog>
  );
}
