import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { useHasRole, useMe } from '#dashboard/graph/me.ts';
import { ask, invalidate, runOnce } from '#dashboard/graph/query.ts';
import { ApiForm } from '#dashboard/kit/api-form.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { Loaded } from '#dashboard/kit/panel.tsx';
import { RowMenu } from '#dashboard/kit/row-menu.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { CreateSavedView, ListSavedViews } from '#gateway/client/generated/organization.js';
import type { CampaignSearch } from './use-campaign-search.ts';
import { useViewActions } from './use-view-actions.ts';
import { addressOf, type SavedView } from './view-question.ts';

export interface ViewListProps {
  variables: CampaignSearch['variables'];
  onClose: () => void;
}

/** What is asked now, as a view is saved with it. */
const questionOf = (variables: CampaignSearch['variables']) => ({ ...variables, groupBy: ['CAMPAIGN' as const] });

function SaveForm({ variables }: Pick<ViewListProps, 'variables'>) {
  const t = useTranslations('campaigns');
  const tApp = useTranslations('app');
  const mayShare = useHasRole('ANALYST');
  const create = useMemo(() => runOnce(CreateSavedView), []);
  const form = useApiForm({ name: '', isShared: false }, async ({ name, isShared }) => {
    await create({ name: name.trim(), isShared, performance: questionOf(variables) });
    notify({ title: t('viewSaved', { name }) });
    form.reset();
    await invalidate('ListSavedViews');
  });
  return (
    <ApiForm form={form} submit={tApp('save')}>
      <Field label={t('viewName')} maxLength={200} autoComplete="off" {...form.field('name')} />
      {mayShare && (
        <label className="check">
          <input type="checkbox" {...form.register('isShared')} />
          <span>{t('viewForAll')}</span>
        </label>
      )}
    </ApiForm>
  );
}

/** The saved views, each with what its owner, or an administrator for a shared one, can do; and the way to save what is asked now. */
export function ViewList({ variables, onClose }: ViewListProps) {
  const t = useTranslations('campaigns');
  const tApp = useTranslations('app');
  const navigate = useNavigate();
  const me = useMe();
  const isAdmin = useHasRole('ADMIN');
  const isAnalyst = useHasRole('ANALYST');
  const query = useQuery(ask(ListSavedViews, { first: 1000 }));
  const { share, replace, remove } = useViewActions();
  const show = (address: object) => {
    onClose();
    void navigate({ to: '.', search: ({ columns }: { columns?: string }) => ({ ...address, columns }) } as never);
  };
  const actionsFor = (view: SavedView) => {
    const isOwn = view.owner?.id === me?.id;
    if (!isOwn && !(isAdmin && view.isShared)) return [];
    return [
      { label: t('viewReplace'), onChoose: () => void replace(view, questionOf(variables)) },
      ...(isAnalyst
        ? [{ label: t(view.isShared ? 'viewUnshare' : 'viewShare'), onChoose: () => void share(view) }]
        : []),
      { label: t('viewDelete'), isDanger: true, onChoose: () => void remove(view) },
    ];
  };
  return (
    <div className="views">
      <Loaded query={query} lines={3}>
        {({ organization }) => {
          const views = organization?.savedViews?.edges.map(({ node }) => node) ?? [];
          if (views.length === 0) return <p className="faint">{t('viewsNone')}</p>;
          return (
            <ul className="views-list">
              {views.map((view) => {
                const address = addressOf(view.question);
                const shared = view.isShared && (
                  <span className="faint">{t('viewOf', { name: view.owner?.name ?? '–' })}</span>
                );
                return (
                  <li key={view.id}>
                    <span className="views-name">
                      {address ? (
                        <button type="button" className="link" onClick={() => show(address)}>
                          <bdi>{view.name}</bdi>
                        </button>
                      ) : (
                        <>
                          <bdi>{view.name}</bdi> <span className="faint">{t('viewElsewhere')}</span>
                        </>
                      )}
                      {shared}
                    </span>
                    <RowMenu label={tApp('actions', { name: view.name })} actions={actionsFor(view)} />
                  </li>
                );
              })}
            </ul>
          );
        }}
      </Loaded>
      <SaveForm variables={variables} />
    </div>
  );
}
