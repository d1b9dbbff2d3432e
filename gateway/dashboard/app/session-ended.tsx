import { useEffect, useState } from 'react';
import { onSessionEnd } from '#dashboard/graph/client.ts';
import { queryClient } from '#dashboard/graph/query.ts';
import { watchOtherTabs } from '#dashboard/graph/session.ts';
import { lazyPart } from '#dashboard/kit/lazy-part.tsx';

const SignInDialog = lazyPart<{ onSignedIn: () => void; onClose: () => void }>(() =>
  import('./sign-in-dialog.tsx').then((dialog) => dialog.SignInDialog),
);

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
  // The next request that is refused asks again.
  return <SignInDialog onSignedIn={resume} onClose={() => setEnded(false)} />;
}
