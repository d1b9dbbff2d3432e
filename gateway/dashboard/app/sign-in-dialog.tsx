import { useTranslations } from 'use-intl';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { SignInForm } from '#dashboard/screens/sign-in/sign-in-form.tsx';

/** The sign-in over a screen. It cannot be closed, only completed. */
export function SignInDialog({ onSignedIn }: { onSignedIn: () => void }) {
  const t = useTranslations('app.states');
  return (
    <Dialog isOpen title={t('endedTitle')} text={t('endedText')}>
      <SignInForm onSignedIn={onSignedIn} />
    </Dialog>
  );
}
