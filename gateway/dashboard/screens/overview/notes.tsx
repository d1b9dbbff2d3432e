import { useQuery } from '@tanstack/react-query';
import { Pencil, Plus, StickyNote, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useHasRole, useMe } from '#dashboard/graph/me.ts';
import { ask } from '#dashboard/graph/query.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { lazyPart } from '#dashboard/kit/lazy-part.tsx';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { ListAnnotations } from '#gateway/client/generated/organization.js';
import { type Note, useRemoveNote } from './use-remove-note.ts';

const NoteDialog = lazyPart(() => import('./note-dialog.tsx').then((dialog) => dialog.NoteDialog));

export interface NotesProps {
  range: { start: string; end: string };
  /** Only notes about this client, its accounts and the whole organization. */
  clientId?: string;
}

/** What was written about the days that are shown: a note is changed and deleted by its author and administrators. */
export function Notes({ range: { start, end }, clientId }: NotesProps) {
  const t = useTranslations('overview');
  const { days, day } = useFigures();
  const me = useMe();
  const isAnalyst = useHasRole('ANALYST');
  const isAdmin = useHasRole('ADMIN');
  const [edited, edit] = useState<Note | 'new'>();
  const remove = useRemoveNote();
  const filter = clientId ? { clientIds: [clientId] } : undefined;
  const query = useQuery(ask(ListAnnotations, { range: { start, end }, filter, first: 100 }));
  const isMine = ({ createdBy }: Note) => isAdmin || (isAnalyst && createdBy?.id === me?.id);
  const create = isAnalyst && (
    <Button icon={<Plus aria-hidden size={16} />} onClick={() => edit('new')}>
      {t('noteCreate')}
    </Button>
  );
  const daysOf = ({ range }: Note) => (range.start === range.end ? day(range.start) : days(range.start, range.end));
  return (
    <Panel title={t('notes')} className="overview-full" actions={create}>
      <Loaded query={query} lines={2}>
        {({ organization }) => {
          const notes = organization?.annotations?.edges.map(({ node }) => node) ?? [];
          if (notes.length === 0) return <p className="faint">{t('notesNone')}</p>;
          return (
            <ul className="notes">
              {notes.map((note) => (
                <li key={note.id} className="overview-note">
                  <StickyNote aria-hidden size={16} className="faint" />
                  <span>
                    <span className="overview-note-text" dir="auto">
                      {note.text}
                    </span>
                    <span className="faint" dir="auto">
                      {[daysOf(note), note.client?.name ?? note.account?.name, note.createdBy?.name]
                        .filter(Boolean)
                        .join(' · ')}
                    </span>
                  </span>
                  {isMine(note) && (
                    <span className="row-actions">
                      <Button
                        look="quiet"
                        icon={<Pencil aria-hidden size={16} />}
                        aria-label={t('noteEditOf', { text: note.text })}
                        onClick={() => edit(note)}
                      />
                      <Button
                        look="quiet"
                        icon={<Trash2 aria-hidden size={16} />}
                        aria-label={t('noteDelete', { text: note.text })}
                        onClick={() => void remove(note)}
                      />
                    </span>
                  )}
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
      {edited && (
        <NoteDialog
          note={edited === 'new' ? undefined : edited}
          days={{ start: end, end }}
          onClose={() => edit(undefined)}
        />
      )}
    </Panel>
  );
}
