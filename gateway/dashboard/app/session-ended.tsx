import { lazy, Suspense, useEffect, useState } from 'react';
import { onSessionEnd } from '#dashboard/graph/client.ts';
import { queryClient } from '#dashboard/graph/query.ts';
import { watchOtherTabs } from '#dashboard/graph/session.ts';

const SignInDialog = lazy(() => import('./sign-in-dialog.tsx').then((dialog) => ({ default: dialog.SignInDialog })));

/** Asks to sign in again over the screen when the session has ended, so that what was entered there stays. */
export function SessionEnded() {
  const [hasEnded, setEnded] = useState(false);
  useEffect(() => onSessionEnd(() => setEnded(true)), []);
  const resume = () => {
    setEnded(false);
    void queryClient.resetQueries();
  };
  useEffect(() => watchOtherTabs(() => window.location.reload()), []);
  if (!hasEnded) return null;
  return (
    <Suspense>
      <SignInDialog onSignedIn={resume} />
    </Suspense>
  );
}
