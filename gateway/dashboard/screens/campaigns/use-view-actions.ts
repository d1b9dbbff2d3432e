import { useTranslations } from 'use-intl';
import { describeError, invalidate, run } from '#dashboard/graph/query.ts';
import { notify } from '#dashboard/kit/toast.tsx';
import { CreateSavedView, DeleteSavedView, UpdateSavedView } from '#gateway/client/generated/organization.js';
import { inputOf, type SavedView } from './view-question.ts';

/** Returns what can be done with a saved view: it is shared or not, asks something else, or is deleted, which can be taken back. */
export function useViewActions() {
  const t = useTranslations('campaigns');
  const tApp = useTranslations('app');
  const attempt = async (work: () => Promise<unknown>, done: string, undo?: () => void): Promise<void> => {
    try {
      await work();
      notify({ title: done, undo: undo && { label: tApp('undo'), onUndo: undo } });
    } catch (error) {
      notify({ title: t('failed'), text: describeError(error).message, kind: 'failed' });
    }
    await invalidate('ListSavedViews');
  };

  const restore = ({ name, isShared, question }: SavedView) =>
    attempt(
      () => run(CreateSavedView, { name, isShared, performance: inputOf(question) }),
      t('viewRestored', { name }),
    );
  return {
    share: ({ id, name, version, isShared }: SavedView) =>
      attempt(
        () => run(UpdateSavedView, { savedViewId: id, version, isShared: !isShared }),
        t(isShared ? 'viewUnshared' : 'viewShared', { name }),
      ),
    replace: ({ id, name, version }: SavedView, performance: object) =>
      attempt(
        () => run(UpdateSavedView, { savedViewId: id, version, performance: performance as never }),
        t('viewReplaced', { name }),
      ),
    remove: (view: SavedView) =>
      attempt(
        () => run(DeleteSavedView, { savedViewId: view.id }),
        t('viewDeleted', { name: view.name }),
        () => void restore(view),
      ),
  };
}
