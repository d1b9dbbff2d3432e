import { useTranslations } from 'use-intl';
import { describeError, invalidate, run } from '#dashboard/graph/query.ts';
import { notify } from '#dashboard/kit/toast.tsx';
import { CreateAnnotation, DeleteAnnotation } from '#gateway/client/generated/organization.js';
import type { ListAnnotationsQuery } from '#gateway/client/generated/types.js';

type Notes = NonNullable<NonNullable<ListAnnotationsQuery['organization']>['annotations']>;
export type Note = Notes['edges'][number]['node'];

/** Returns what deletes a note and offers to write it again: the one who does so is its author then. */
export function useRemoveNote() {
  const t = useTranslations('overview');
  const tApp = useTranslations('app');
  const attempt = async (work: () => Promise<unknown>, done: string, undo?: () => void): Promise<void> => {
    try {
      await work();
      notify({ title: done, undo: undo && { label: tApp('undo'), onUndo: undo } });
    } catch (error) {
      notify({ title: t('failed'), text: describeError(error).message, kind: 'failed' });
    }
    await invalidate('ListAnnotations');
  };
  const restore = ({ range: { start, end }, text, client, account }: Note) =>
    attempt(
      () => run(CreateAnnotation, { range: { start, end }, text, clientId: client?.id, accountId: account?.id }),
      t('noteRestored'),
    );
  return (note: Note) =>
    attempt(
      () => run(DeleteAnnotation, { annotationId: note.id }),
      t('noteDeleted'),
      () => void restore(note),
    );
}
