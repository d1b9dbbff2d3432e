import { useTranslations } from 'use-intl';
import { Button } from '#dashboard/kit/button.tsx';
import { HOME } from './screens.ts';

/** For an address that no screen has. */
export function NotFound() {
  const t = useTranslations('app.states');
  return (
    <main className="state state-page">
      <h1 className="state-title">{t('notFoundTitle')}</h1>
      <p className="state-text">{t('notFoundText')}</p>
      <a className="button button-primary" href={HOME}>
        {t('home')}
      </a>
    </main>
  );
}

/** For a screen that threw an error: an update of the installation may have replaced its files. */
export function Crashed() {
  const t = useTranslations('app');
  return (
    <div className="state state-page" role="alert">
      <p className="state-title">{t('states.crashedTitle')}</p>
      <p className="state-text">{t('states.crashedText')}</p>
      <Button look="primary" onClick={() => window.location.reload()}>
        {t('reload')}
      </Button>
    </div>
  );
}
