import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { reviewSchedulesSoon } from '#kit/review-schedules-job.js';
import type { Context } from '#reporting/context.js';
import { type CustomTemplate, CustomTemplateEntity } from '#reporting/entities/report-template.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { isRowId } from '#runtime/database/database.js';
import { Conflict, Forbidden, NotFound, Unauthenticated } from '#runtime/errors.js';
import { nameUpTo, textUpTo } from '#runtime/name.js';
import { parseInput } from '#runtime/parse-input.js';
import { builtInTemplates } from './built-in.js';
import { checkDefinition } from './check-definition.js';
import { defaultDefinition } from './report-template.js';

/** Of one organization. */
const MAX_TEMPLATES = 200;

const name = nameUpTo(200);
const description = z.union([z.literal(''), textUpTo(500)]);

const details = ({ name, version, definition }: CustomTemplate) => ({ name, version, definition });

export interface CreateReportTemplateInput {
  name: string;
  description: string;
  definition?: unknown;
}

/** Saves a template. Throws InvalidInput with the path of each problem, and Conflict when the organization has too many. */
export async function createReportTemplate(
  context: Context,
  given: CreateReportTemplateInput,
): Promise<CustomTemplate> {
  const { database, identity, services } = context;
  const { organizationId, userId } = identity;
  if (!organizationId) throw new Unauthenticated();
  const named = parseInput(z.object({ name, description }), given);
  const definition = given.definition ? checkDefinition(given.definition) : defaultDefinition;
  const now = services.now();
  return database.transaction(async (manager) => {
    const places = manager.createQueryBuilder(CustomTemplateEntity, 'template').where({ organizationId });
    if ((await places.andWhere('template.archivedAt IS NULL').getCount()) >= MAX_TEMPLATES) {
      throw new Conflict(`There are ${MAX_TEMPLATES} templates: delete some that are no longer of use.`);
    }
    const template = await manager.save(CustomTemplateEntity, {
      organizationId,
      ...named,
      version: 1,
      definition,
      createdBy: userId ?? null,
      createdAt: now,
      updatedAt: now,
      archivedAt: null,
    });
    await recordAudit(manager, identity, {
      organizationId,
      action: 'report-template.created',
      target: { type: 'ReportTemplate', id: template.id },
      after: details(template),
    });
    return template;
  });
}

/** Changes a template of the caller's organization, locked. Throws Forbidden for a built-in one, and NotFound. */
async function change<Result>(
  { database, identity }: Context,
  id: string,
  effect: (manager: EntityManager, template: CustomTemplate) => Promise<Result>,
): Promise<Result> {
  const { organizationId } = identity;
  if (builtInTemplates.some((template) => template.id === id)) {
    throw new Forbidden('Every organization has this template: create one of your own with its sections.');
  }
  if (!organizationId || !isRowId(id)) throw new NotFound('report template');
  return database.transaction(async (manager) => {
    const lock = { mode: 'pessimistic_write' } as const;
    const template = await manager.findOne(CustomTemplateEntity, { where: { id, organizationId }, lock });
    if (!template || template.archivedAt) throw new NotFound('report template');
    return effect(manager, template);
  });
}

export interface UpdateReportTemplateInput {
  templateId: string;
  version: number;
  name?: string | null;
  description?: string | null;
  definition?: unknown;
}

/** Changes what is given of a template. Throws InvalidInput, Forbidden, NotFound, and Conflict when it was changed since `version`. */
export async function updateReportTemplate(
  context: Context,
  { templateId, version, definition, ...given }: UpdateReportTemplateInput,
): Promise<CustomTemplate> {
  const named = parseInput(z.object({ name: name.nullish(), description: description.nullish() }), given);
  const checked = definition ? checkDefinition(definition) : null;
  return change(context, templateId, async (manager, template) => {
    if (template.version !== version) {
      throw new Conflict('This template was changed meanwhile: read it again, and decide on what it is now.');
    }
    const changed: CustomTemplate = {
      ...template,
      name: named.name ?? template.name,
      description: named.description ?? template.description,
      definition: checked ?? template.definition,
      version: version + 1,
      updatedAt: context.services.now(),
    };
    const { id, organizationId } = template;
    await manager.update(CustomTemplateEntity, { id, organizationId }, changed);
    await recordAudit(manager, context.identity, {
      organizationId,
      action: 'report-template.updated',
      target: { type: 'ReportTemplate', id },
      before: details(template),
      after: details(changed),
    });
    return changed;
  });
}

/** Deletes a template: its reports still name it. Throws Forbidden for a built-in one, and NotFound. */
export async function deleteReportTemplate(context: Context, { templateId }: { templateId: string }): Promise<string> {
  const deleted = await change(context, templateId, async (manager, template) => {
    const { id, organizationId } = template;
    await manager.update(CustomTemplateEntity, { id, organizationId }, { archivedAt: context.services.now() });
    await recordAudit(manager, context.identity, {
      organizationId,
      action: 'report-template.deleted',
      target: { type: 'ReportTemplate', id },
      before: details(template),
    });
    return template;
  });
  await reviewSchedulesSoon(context.services, deleted);
  return deleted.id;
}
