import './alerts.css';
import { useTranslations } from 'use-intl';
import * as z from 'zod/mini';
import { Page } from '#dashboard/kit/page.tsx';
import { Tabs } from '#dashboard/kit/tabs.tsx';
import { useSearchOf } from '#dashboard/kit/use-search.ts';
import { AlertList } from './alert-list.tsx';
import { AlertRules } from './alert-rules.tsx';

const schema = z.object({ tab: z.catch(z.enum(['alerts', 'rules']), 'alerts') });

/** What was found about budgets, figures and connections, and the rules by which it is looked for. */
export function Screen() {
  const t = useTranslations('alerts');
  const [{ tab }, change] = useSearchOf(schema);
  return (
    <Page title={t('title')} text={t('text')}>
      <Tabs
        label={t('title')}
        value={tab}
        onChange={(next) => void change({ tab: next })}
        tabs={[
          { value: 'alerts', label: t('alerts'), content: <AlertList /> },
          { value: 'rules', label: t('rules'), content: <AlertRules /> },
        ]}
      />
    </Page>
  );
}
