import { useTranslations } from 'use-intl';
import { run } from '#dashboard/graph/query.ts';
import { attempt } from '#dashboard/kit/attempt.ts';
import { CreateAnnotation, DeleteAnnotation } from '#gateway/client/generated/organization.js';
import type { ListAnnotationsQuery } from '#gateway/client/generated/types.js';

type Notes = NonNullable<NonNullable<ListAnnotationsQuery['organization']>['annotations']>;
export type Note = Notes['edges'][number]['node'];

/** Returns what deletes a note and offers to write it again: the one who does so is its author then. */
export function useRemoveNote() {
  const t = useTranslations('overview');
  const tApp = useTranslations('app');
  const either = { failed: t('failed'), refresh: ['ListAnnotations'] };
  const restore = ({ range: { start, end }, text, client, account }: Note) =>
    attempt(
      () => run(CreateAnnotation, { range: { start, end }, text, clientId: client?.id, accountId: account?.id }),
      { ...either, done: t('noteRestored') },
    );
  return (note: Note) =>
    attempt(() => run(DeleteAnnotation, { annotationId: note.id }), {
      ...either,
      done: t('noteDeleted'),
      undo: { label: tApp('undo'), onUndo: () => void restore(note) },
    });
}
