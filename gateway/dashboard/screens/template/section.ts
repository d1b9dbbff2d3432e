import type { ListReportTemplatesQuery, ReportSectionInput } from '#gateway/client/generated/types.js';
import { columnOf, type Kind } from './kinds.ts';

/** A template as `ListReportTemplates` answers it. */
export type Template = NonNullable<ListReportTemplatesQuery['reportTemplates']>[number];

/** A section that is edited: what the editor does not show, such as filters, stays as it is. `key` is the editor's own. */
export type EditedSection = ReportSectionInput & { key: string };

let count = 0;
const newKey = () => `section-${++count}`;

/** Returns a section of a kind as the API makes it when nothing else is said. */
export const newSection = (kind: Kind): EditedSection => ({
  key: newKey(),
  kind,
  tiles: true,
  table: true,
  charts: [],
});

/** Returns the sections of a template to edit. */
export const editedSections = (template: Template | undefined): EditedSection[] =>
  template
    ? template.sections.map((section) => ({ ...(section as ReportSectionInput), key: newKey() }))
    : [newSection('PERFORMANCE')];

/** Returns what the API takes of edited sections. */
export const definitionOf = (sections: readonly EditedSection[]): { sections: ReportSectionInput[] } => ({
  sections: sections.map(({ key: _key, ...section }) => section),
});

/** Returns a section without charts of what it no longer shows: they would be refused. */
export function withoutLostCharts(section: EditedSection): EditedSection {
  const axes = (section.groupBy ?? []).map(columnOf);
  const values = section.metrics?.map(columnOf);
  const charts = section.charts?.filter(({ by, value }) => axes.includes(by) && (values?.includes(value) ?? true));
  return { ...section, charts };
}
