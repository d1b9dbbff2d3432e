import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ask, invalidate, run, runOnce } from '#dashboard/graph/query.ts';
import { ApiForm } from '#dashboard/kit/api-form.tsx';
import { Dialog } from '#dashboard/kit/dialog.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { Select } from '#dashboard/kit/select.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { ListAccounts, ListClients } from '#gateway/client/generated/connections.js';
import { CreateAnnotation, UpdateAnnotation } from '#gateway/client/generated/organization.js';
import type { Note } from './use-remove-note.ts';

export interface NoteDialogProps {
  /** What is to be changed; absent = a new one. */
  note?: Note;
  /** The days of a new one, until others are chosen. */
  days: { start: string; end: string };
  onClose: () => void;
}

const EVERYTHING = 'all';

/** What notes can be about: `client <id>` or `account <id>`. */
function useSubjects() {
  const t = useTranslations('overview');
  const clients = useQuery(ask(ListClients, { first: 1000 })).data?.data.organization?.clients?.edges ?? [];
  const accounts = useQuery(ask(ListAccounts, {})).data?.data.organization?.accounts ?? [];
  return [
    { value: EVERYTHING, label: t('noteOfAll') },
    ...clients.map(({ node: { id, name } }) => ({ value: `client ${id}`, label: name })),
    ...accounts.map(({ id, name, provider }) => ({ value: `account ${id}`, label: `${name} · ${provider.name}` })),
  ];
}

function targetOf(subject: string) {
  const [kind, id] = subject.split(' ');
  return kind === 'client' ? { clientId: id } : kind === 'account' ? { accountId: id } : {};
}

/** Writes a note on days, or changes its days and its text: what it is about stays. */
export function NoteDialog({ note, days, onClose }: NoteDialogProps) {
  const t = useTranslations('overview');
  const tApp = useTranslations('app');
  const tPeriod = useTranslations('app.period');
  const subjects = useSubjects();
  const [subject, setSubject] = useState(EVERYTHING);
  const create = useMemo(() => runOnce(CreateAnnotation), []);
  const form = useApiForm({ text: note?.text ?? '', ...(note?.range ?? days) }, async ({ text, start, end }) => {
    const range = { start, end };
    if (note) await run(UpdateAnnotation, { annotationId: note.id, version: note.version, range, text });
    else await create({ range, text, ...targetOf(subject) });
    notify({ title: t('noteSaved') });
    onClose();
    await invalidate('ListAnnotations');
  });
  return (
    <Dialog isOpen onClose={onClose} title={note ? t('noteEdit') : t('noteCreate')} text={t('noteText')}>
      <ApiForm form={form} submit={tApp('save')} onCancel={onClose}>
        <Field label={t('note')} maxLength={500} {...form.field('text')} />
        <div className="fields">
          <Field label={tPeriod('from')} type="date" {...form.field('start')} />
          <Field label={tPeriod('to')} type="date" {...form.field('end')} />
        </div>
        {!note && <Select label={t('noteAbout')} value={subject} options={subjects} onChange={setSubject} />}
      </ApiForm>
    </Dialog>
  );
}
