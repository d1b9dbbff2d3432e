import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { FilePlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useHasRole } from '#dashboard/graph/me.ts';
import { ask, invalidate, run } from '#dashboard/graph/query.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { Confirm } from '#dashboard/kit/confirm.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Loaded, Panel } from '#dashboard/kit/panel.tsx';
import { RowMenu } from '#dashboard/kit/row-menu.tsx';
import { Table } from '#dashboard/kit/table.tsx';
import { notify } from '#dashboard/kit/toast.tsx';
import { DeleteReportTemplate, ListReportTemplates } from '#gateway/client/generated/reports.js';
import type { ListReportTemplatesQuery } from '#gateway/client/generated/types.js';

type Template = NonNullable<ListReportTemplatesQuery['reportTemplates']>[number];

/** What reports can be made from: the templates that every organization has, and its own. */
export function Templates() {
  const t = useTranslations('reports');
  const navigate = useNavigate();
  const { time, count } = useFigures();
  const mayEdit = useHasRole('ANALYST');
  const query = useQuery(ask(ListReportTemplates, {}));
  const [deleted, setDeleted] = useState<Template>();
  const open = (templateId: string, from?: string) =>
    void navigate({ to: '/app/reports/templates/$templateId', params: { templateId }, search: { from } } as never);
  const remove = async () => {
    if (!deleted) return;
    await run(DeleteReportTemplate, { templateId: deleted.id });
    notify({ title: t('templateDeleted') });
    await invalidate('ListReportTemplates', 'ListReportSchedules');
  };
  const actionsFor = (template: Template) => [
    { label: t('duplicateTemplate'), onChoose: () => open('new', template.id) },
    ...(template.isBuiltIn ? [] : [{ label: t('delete'), isDanger: true, onChoose: () => setDeleted(template) }]),
  ];
  const create = mayEdit && (
    <Button icon={<FilePlus aria-hidden size={16} />} onClick={() => open('new')}>
      {t('newTemplate')}
    </Button>
  );
  return (
    <Panel title={t('tabs.templates')} text={t('templatesText')} actions={create}>
      <Loaded query={query} lines={6}>
        {({ reportTemplates }) => (
          <Table
            label={t('tabs.templates')}
            rows={reportTemplates ?? []}
            keyOf={({ id }) => id}
            columns={[
              {
                key: 'name',
                label: t('column.title'),
                isName: true,
                cell: ({ id, name, description, isBuiltIn }) => (
                  <>
                    <span className="person">
                      <Link to={'/app/reports/templates/$templateId' as never} params={{ templateId: id } as never}>
                        <bdi>{name}</bdi>
                      </Link>
                      {!isBuiltIn && <span className="badge">{t('ownTemplate')}</span>}
                    </span>
                    <span className="faint template-text" dir="auto">
                      {description}
                    </span>
                  </>
                ),
              },
              {
                key: 'sections',
                label: t('column.sections'),
                isFigure: true,
                cell: ({ sections }) => count(sections.length),
              },
              { key: 'changed', label: t('column.changed'), cell: ({ updatedAt }) => time(updatedAt) },
              {
                key: 'actions',
                label: '',
                isFigure: true,
                cell: (template) =>
                  mayEdit && <RowMenu label={t('actionsOf', { name: template.name })} actions={actionsFor(template)} />,
              },
            ]}
          />
        )}
      </Loaded>
      <Confirm
        isOpen={deleted !== undefined}
        onClose={() => setDeleted(undefined)}
        title={t('deleteScheduleTitle', { name: deleted?.name ?? '' })}
        text={t('deleteTemplateText')}
        action={t('delete')}
        onConfirm={remove}
      />
    </Panel>
  );
}
