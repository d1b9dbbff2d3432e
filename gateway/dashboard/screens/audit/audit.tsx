import { useTranslations } from 'use-intl';
import * as z from 'zod/mini';
import { usePages } from '#dashboard/graph/pages.ts';
import { Field } from '#dashboard/kit/field.tsx';
import { LoadMore } from '#dashboard/kit/load-more.tsx';
import { Page } from '#dashboard/kit/page.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { Select } from '#dashboard/kit/select.tsx';
import { useSearchOf } from '#dashboard/kit/use-search.ts';
import { ListAuditEvents } from '#gateway/client/generated/organization.js';
import { Events } from './events.tsx';

/** Groups of actions, by the beginning of their names. */
const GROUPS = [
  'all',
  'session',
  'sign-in',
  'member',
  'invitation',
  'two-factor',
  'api-key',
  'connection',
  'client',
  'report',
  'report-share',
  'subscription',
  'webhook',
] as const;

const schema = z.object({
  group: z.catch(z.enum(GROUPS), 'all'),
  outcome: z.catch(z.enum(['all', 'SUCCESS', 'REFUSED']), 'all'),
  since: z.catch(z.optional(z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/))), undefined),
});

/** What was done and what was refused, by whom and from where. */
export function Screen() {
  const t = useTranslations('audit');
  const [{ group, outcome, since }, change] = useSearchOf(schema);
  const filter = {
    ...(group !== 'all' && { actions: [`${group}.*`] }),
    ...(outcome !== 'all' && { outcome }),
    ...(since && { since: `${since}T00:00:00Z` }),
  };
  const list = usePages(ListAuditEvents, { filter, first: 100 }, ({ organization }) => organization?.auditLog);
  return (
    <Page title={t('title')} text={t('text')}>
      <Panel
        title={t('events')}
        actions={
          <div className="filters">
            <Select
              label={t('about')}
              value={group}
              options={GROUPS.map((value) => ({ value, label: t(`groups.${value}`) }))}
              onChange={(next) => void change({ group: next })}
            />
            <Select
              label={t('outcome')}
              value={outcome}
              options={(['all', 'SUCCESS', 'REFUSED'] as const).map((value) => ({
                value,
                label: t(`outcomes.${value}`),
              }))}
              onChange={(next) => void change({ outcome: next })}
            />
            <Field
              label={t('since')}
              type="date"
              value={since ?? ''}
              onChange={({ target }) => void change({ since: target.value || undefined }, { replace: true })}
            />
          </div>
        }
      >
        <Loaded query={list.query} lines={10}>
          {() => (list.items.length === 0 ? <p className="faint">{t('none')}</p> : <Events events={list.items} />)}
        </Loaded>
        <LoadMore list={list} />
      </Panel>
    </Page>
  );
}
