import { Outlet } from '@tanstack/react-router';
import { Menu as MenuIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '#dashboard/kit/button.tsx';
import { lazyPart } from '#dashboard/kit/lazy-part.tsx';
import { Toasts } from '#dashboard/kit/toast.tsx';
import { AccessNotice } from './access-notice.tsx';
import { AccountMenu } from './account-menu.tsx';
import { Brand } from './brand.tsx';
import { Navigation } from './navigation.tsx';
import { OfflineNotice } from './offline-notice.tsx';
import { SessionEnded } from './session-ended.tsx';

const SideMenu = lazyPart(() => import('./side-menu.tsx').then((menu) => menu.SideMenu));

/** The frame of a signed-in user: navigation, account, notices, and the screen. */
export function Layout() {
  const t = useTranslations('app');
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="layout">
      <a className="skip" href="#content">
        {t('skip')}
      </a>
      <aside className="side">
        <Brand />
        <Navigation />
      </aside>
      <header className="top">
        <Button
          look="quiet"
          className="only-narrow"
          icon={<MenuIcon aria-hidden size={20} />}
          aria-label={t('menu')}
          onClick={() => setOpen(true)}
        />
        <div className="only-narrow">
          <Brand />
        </div>
        <div className="top-end">
          <AccountMenu />
        </div>
      </header>
      {isOpen && <SideMenu onClose={() => setOpen(false)} />}
      <main id="content" className="content" tabIndex={-1}>
        <OfflineNotice />
        <AccessNotice />
        <Outlet />
      </main>
      <Toasts />
      <SessionEnded />
    </div>
  );
}
