import { type EntityManager, In } from 'typeorm';
import { type CustomTemplate, CustomTemplateEntity } from '#reporting/entities/report-template.js';
import { isRowId } from '#runtime/database/database.js';
import { builtInTemplates } from './built-in.js';
import type { Definition } from './definition.js';

/** A kind of report: built-in, or of an organization. */
export interface ReportTemplate {
  id: string;
  /** null of a built-in one. */
  organizationId: string | null;
  name: string;
  description: string;
  version: number;
  definition: Definition;
  /** When it was changed; null of a built-in one. */
  updatedAt: Date | null;
  archivedAt: Date | null;
}

/** The built-in templates, in their order. */
export const sharedTemplates: ReportTemplate[] = builtInTemplates.map((template) => ({
  ...template,
  organizationId: null,
  updatedAt: null,
  archivedAt: null,
}));

/** Returns the templates with these ids that an organization may use, archived ones included. */
export async function findTemplates(
  manager: EntityManager,
  { organizationId, ids }: { organizationId: string; ids: readonly string[] },
): Promise<Map<string, ReportTemplate>> {
  const shared = sharedTemplates.filter(({ id }) => ids.includes(id));
  const rowIds = ids.filter(isRowId);
  const custom: CustomTemplate[] =
    rowIds.length > 0 ? await manager.findBy(CustomTemplateEntity, { organizationId, id: In(rowIds) }) : [];
  return new Map([...shared, ...custom].map((template): [string, ReportTemplate] => [template.id, template]));
}
