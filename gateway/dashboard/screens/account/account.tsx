import './account.css';
import { useTranslations } from 'use-intl';
import * as z from 'zod/mini';
import { Page } from '#dashboard/kit/page.tsx';
import { Tabs } from '#dashboard/kit/tabs.tsx';
import { useSearchOf } from '#dashboard/kit/use-search.ts';
import { Profile } from './profile.tsx';
import { Security } from './security.tsx';
import { Sessions } from './sessions.tsx';

const schema = z.object({ tab: z.catch(z.enum(['profile', 'security', 'sessions']), 'profile') });

/** What belongs to the user alone: name and address, password and second factor, sessions, data. */
export function Screen() {
  const t = useTranslations('account');
  const [{ tab }, change] = useSearchOf(schema);
  return (
    <Page title={t('title')} text={t('text')}>
      <Tabs
        label={t('title')}
        value={tab}
        tabs={[
          { value: 'profile', label: t('profile'), content: <Profile /> },
          { value: 'security', label: t('security'), content: <Security /> },
          { value: 'sessions', label: t('sessions'), content: <Sessions /> },
        ]}
        onChange={(next) => void change({ tab: next })}
      />
    </Page>
  );
}
