import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import * as z from 'zod/mini';
import { useHasRole } from '#dashboard/graph/me.ts';
import { ask } from '#dashboard/graph/query.ts';
import { Page } from '#dashboard/kit/page.tsx';
import { Loaded } from '#dashboard/kit/panel.tsx';
import { Empty } from '#dashboard/kit/states.tsx';
import { useSearchOf } from '#dashboard/kit/use-search.ts';
import { ListReportTemplates } from '#gateway/client/generated/reports.js';
import { Preview } from './preview.tsx';
import { definitionOf, editedSections } from './section.ts';
import { TemplateEditor } from './template-editor.tsx';

/** In the address of a template that is not there yet. */
const NEW = 'new';

const schema = z.object({
  /** The template whose copy a new one begins as. */
  from: z.catch(z.optional(z.string()), undefined),
});

/** A template of reports: a new one, a copy, or one of the organization to change; one that all have to look at. */
export function Screen() {
  const t = useTranslations('template');
  const { templateId } = useParams({ strict: false }) as { templateId: string };
  const [{ from }] = useSearchOf(schema);
  const mayEdit = useHasRole('ANALYST');
  const query = useQuery(ask(ListReportTemplates, {}));
  const isNew = templateId === NEW;
  const template = query.data?.data.reportTemplates?.find(({ id }) => id === (isNew ? from : templateId));
  return (
    <Page title={isNew ? t('newTitle') : (template?.name ?? t('heading'))} text={template?.description}>
      <Loaded query={query} lines={8}>
        {() => {
          if (!isNew && !template) return <Empty title={t('goneTitle')} text={t('goneText')} />;
          if (mayEdit && (isNew || !template?.isBuiltIn))
            return <TemplateEditor key={`${templateId} ${from}`} template={template} isNew={isNew} />;
          return <Preview definition={definitionOf(editedSections(template))} />;
        }}
      </Loaded>
    </Page>
  );
}
