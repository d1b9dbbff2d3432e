import './organization.css';
import { useTranslations } from 'use-intl';
import * as z from 'zod/mini';
import { useHasRole } from '#dashboard/graph/me.ts';
import { Page } from '#dashboard/kit/page.tsx';
import { Tabs } from '#dashboard/kit/tabs.tsx';
import { useSearchOf } from '#dashboard/kit/use-search.ts';
import { Brandings } from './brandings.tsx';
import { Settings } from './settings.tsx';

const schema = z.object({ tab: z.catch(z.enum(['settings', 'branding']), 'settings') });

/** What holds for the whole organization: its name and time zone, how its members sign in, how its reports look, and its end. */
export function Screen() {
  const t = useTranslations('organization');
  const [{ tab }, change] = useSearchOf(schema);
  const isAdmin = useHasRole('ADMIN');
  return (
    <Page title={t('title')} text={t('text')}>
      <Tabs
        label={t('title')}
        value={tab}
        tabs={[
          { value: 'settings', label: t('settings'), content: <Settings isAdmin={isAdmin} /> },
          { value: 'branding', label: t('branding'), content: <Brandings isAdmin={isAdmin} /> },
        ]}
        onChange={(next) => void change({ tab: next })}
      />
    </Page>
  );
}
