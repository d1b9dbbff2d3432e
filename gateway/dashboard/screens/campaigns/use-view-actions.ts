import { useTranslations } from 'use-intl';
import { run } from '#dashboard/graph/query.ts';
import { attempt } from '#dashboard/kit/attempt.ts';
import { CreateSavedView, DeleteSavedView, UpdateSavedView } from '#gateway/client/generated/organization.js';
import { inputOf, type SavedView } from './view-question.ts';

/** Returns what can be done with a saved view: it is shared or not, asks something else, or is deleted, which can be taken back. */
export function useViewActions() {
  const t = useTranslations('campaigns');
  const tApp = useTranslations('app');
  const either = { failed: t('failed'), refresh: ['ListSavedViews'] };

  const restore = ({ name, isShared, question }: SavedView) =>
    attempt(() => run(CreateSavedView, { name, isShared, performance: inputOf(question) }), {
      ...either,
      done: t('viewRestored', { name }),
    });
  return {
    share: ({ id, name, version, isShared }: SavedView) =>
      attempt(() => run(UpdateSavedView, { savedViewId: id, version, isShared: !isShared }), {
        ...either,
        done: t(isShared ? 'viewUnshared' : 'viewShared', { name }),
      }),
    replace: ({ id, name, version }: SavedView, performance: object) =>
      attempt(() => run(UpdateSavedView, { savedViewId: id, version, performance: performance as never }), {
        ...either,
        done: t('viewReplaced', { name }),
      }),
    remove: (view: SavedView) =>
      attempt(() => run(DeleteSavedView, { savedViewId: view.id }), {
        ...either,
        done: t('viewDeleted', { name: view.name }),
        undo: { label: tApp('undo'), onUndo: () => void restore(view) },
      }),
  };
}
