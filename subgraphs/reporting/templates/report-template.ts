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

/** The sections of a template that is created without any. */
export const defaultDefinition: Definition = (builtInTemplates[0] as (typeof builtInTemplates)[number]).definition;

/** Returns the templates an organization may use: the built-in ones, then its own by name. */
export async function listReportTemplates(
  manager: EntityManager,
  { organizationId }: { organizationId: string },
): Promise<ReportTemplate[]> {
  const own = await manager
    .createQueryBuilder(CustomTemplateEntity, 'template')
    .where('template.organizationId = :organizationId AND template.archivedAt IS NULL', { organizationId })
    .orderBy('lower(template.name)')
    .addOrderBy('template.id')
    .getMany();
  return [...sharedTemplates, ...own];
}
