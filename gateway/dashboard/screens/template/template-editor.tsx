import { useNavigate } from '@tanstack/react-router';
import { Eye, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { invalidate, problemsByArgument, run } from '#dashboard/graph/query.ts';
import { ApiForm } from '#dashboard/kit/api-form.tsx';
import { Button } from '#dashboard/kit/button.tsx';
import { Field } from '#dashboard/kit/field.tsx';
import { Panel } from '#dashboard/kit/panel.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { useApiForm } from '#dashboard/kit/use-api-form.ts';
import { CreateReportTemplate, UpdateReportTemplate } from '#gateway/client/generated/reports.js';
import { Preview } from './preview.tsx';
import { definitionOf, editedSections, newSection, type Template } from './section.ts';
import { SectionEditor } from './section-editor.tsx';

/** Returns the problems of each section: the API names them by `sections[2].metrics[0]`. */
function problemsBySection(error: unknown): Record<number, string[]> {
  const problems: Record<number, string[]> = {};
  for (const [argument, problem] of Object.entries(problemsByArgument(error))) {
    const found = /sections\[(\d+)\]\.?(.*)/.exec(argument);
    if (!found) continue;
    const index = Number(found[1]);
    problems[index] = [...(problems[index] ?? []), [found[2], problem].filter(Boolean).join(': ')];
  }
  return problems;
}

export interface TemplateEditorProps {
  /** What is changed, or copied; absent = a new one of one section. */
  template: Template | undefined;
  isNew: boolean;
}

/** Name, description and sections of a template, with a preview of what they would show. */
export function TemplateEditor({ template, isNew }: TemplateEditorProps) {
  const t = useTranslations('template');
  const tApp = useTranslations('app');
  const navigate = useNavigate();
  const [sections, setSections] = useState(() => editedSections(template));
  const [problems, setProblems] = useState<Record<number, string[]>>({});
  const [previewed, setPreviewed] = useState<ReturnType<typeof definitionOf>>();
  const copied = template && isNew ? t('copyOf', { name: template.name }) : template?.name;
  const initial = { name: copied ?? '', description: template?.description ?? '' };
  const form = useApiForm(initial, async (given) => {
    setProblems({});
    const values = { ...given, definition: definitionOf(sections) };
    try {
      if (template && !isNew)
        await run(UpdateReportTemplate, { templateId: template.id, version: template.version, ...values });
      else await run(CreateReportTemplate, values);
    } catch (error) {
      setProblems(problemsBySection(error));
      throw error;
    }
    notify({ title: t('saved') });
    await invalidate('ListReportTemplates');
    await navigate({ to: '/app/reports', search: { tab: 'templates' } } as never);
  });
  const splice = (index: number, removed: number, ...added: typeof sections) =>
    setSections(sections.toSpliced(index, removed, ...added));
  return (
    <div className="stack">
      <ApiForm form={form} submit={tApp('save')}>
        <Panel title={t('heading')}>
          <div className="form">
            <Field label={t('name')} {...form.field('name')} />
            <Field label={t('description')} {...form.field('description')} />
          </div>
        </Panel>
        {sections.map((section, index) => (
          <SectionEditor
            key={section.key}
            section={section}
            index={index}
            count={sections.length}
            problems={problems[index] ?? []}
            onChange={(changed) => splice(index, 1, changed)}
            onMove={(by) => setSections(sections.toSpliced(index, 1).toSpliced(index + by, 0, section))}
            onDuplicate={() => splice(index + 1, 0, { ...section, key: newSection('TEXT').key })}
            onRemove={() => splice(index, 1)}
          />
        ))}
        <div className="row-actions">
          <Button
            icon={<Plus aria-hidden size={16} />}
            onClick={() => setSections([...sections, newSection('PERFORMANCE')])}
          >
            {t('addSection')}
          </Button>
          <Button icon={<Eye aria-hidden size={16} />} onClick={() => setPreviewed(definitionOf(sections))}>
            {t('showPreview')}
          </Button>
        </div>
      </ApiForm>
      {previewed && <Preview definition={previewed} />}
    </div>
  );
}
