import { z } from 'zod';
import type { Context } from '#integrations/context.js';
import { type AlertKind, type AlertRule, AlertRuleEntity } from '#integrations/entities/alert-rule.js';
import { existing } from '#integrations/loaders/own-row-by-id.js';
import { offersProduct } from '#integrations/services/accounts/list-accounts.js';
import { membersOfCampaigns } from '#integrations/services/budgets/budget-target.js';
import { checkSize } from '#integrations/services/shared/check-size.js';
import { refusal } from '#integrations/services/shared/refusal.js';
import { checkPageSize, type Page, type PageArguments, pageOf, readCursor } from '#kit/page.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { isRowId } from '#runtime/database/database.js';
import { Conflict, NotFound, Unauthenticated } from '#runtime/errors.js';
import { nameUpTo } from '#runtime/name.js';
import { parseInput } from '#runtime/parse-input.js';
import { readMembers } from './recipients.js';

const MAX_RULES = 100;

const position = z.tuple([z.string().refine(isRowId)]);
const MAX_TARGETS = 100;
const MAX_RECIPIENTS = 20;

interface Threshold {
  standard: number;
  most: number;
}

const PERCENT: Threshold = { standard: 10, most: 500 };
const SPREADS: Threshold = { standard: 3, most: 20 };
const thresholds: Partial<Record<AlertKind, Threshold>> = {
  OVER_PACE: PERCENT,
  UNDER_PACE: PERCENT,
  SPEND_UNUSUAL: SPREADS,
  CPA_UNUSUAL: SPREADS,
};

const names: Record<AlertKind, string> = {
  OVER_PACE: 'Budget over pace',
  UNDER_PACE: 'Budget under pace',
  SPEND_UNUSUAL: 'Unusual spend',
  CPA_UNUSUAL: 'Unusual cost per conversion',
  NOTHING_SPENT: 'Nothing spent',
  TRACKING_GONE: 'Conversions missing',
  CONNECTION_FAILING: 'Connection failing',
};

function thresholdOf(kind: AlertKind, given: number | null | undefined): number | null {
  const known = thresholds[kind];
  if (given === null || given === undefined) return known?.standard ?? null;
  if (!known) throw refusal('threshold', `must be left out for ${kind}`);
  if (given >= 1 && given <= known.most) return given;
  throw refusal('threshold', `must be 1 to ${known.most} for ${kind}`);
}

const nameInput = z.object({ name: nameUpTo(200) });

/** Throws NotFound for a user who is no member. The caller is one. */
async function checkRecipients(context: Context, organizationId: string, ids: string[]): Promise<string[]> {
  checkSize('recipientIds', ids, MAX_RECIPIENTS);
  const wanted = [...new Set(ids.map((id) => id.toLowerCase()))];
  if (!wanted.every(isRowId)) throw new NotFound('user');
  if (wanted.every((id) => id === context.identity.userId)) return wanted;
  const { members } = await readMembers(context, organizationId);
  if (wanted.some((id) => !members.has(id))) throw new NotFound('user');
  return wanted;
}

export interface CreateAlertRuleInput {
  kind: AlertKind;
  name?: string | null;
  clientIds?: string[] | null;
  accountIds?: string[] | null;
  campaignIds?: string[] | null;
  threshold?: number | null;
  recipientIds?: string[] | null;
}

async function checkScope(context: Context, given: CreateAlertRuleInput) {
  const [clientIds, accountIds, campaignIds] = [given.clientIds ?? [], given.accountIds ?? [], given.campaignIds ?? []];
  for (const [argument, ids] of Object.entries({ clientIds, accountIds, campaignIds })) {
    checkSize(argument, ids, MAX_TARGETS);
    const isEmpty = given[argument as 'clientIds'] && ids.length === 0;
    // An empty list must not watch everything.
    if (isEmpty) throw refusal(argument, 'must not be empty; leave it out to watch the whole organization');
  }
  if ([clientIds, accountIds, campaignIds].filter(({ length }) => length > 0).length > 1)
    throw refusal('clientIds', 'must not be given together with accountIds or campaignIds');
  if (given.kind === 'CONNECTION_FAILING' && campaignIds.length > 0)
    throw refusal('campaignIds', 'must be left out for CONNECTION_FAILING');
  const clients = await Promise.all(clientIds.map(async (id) => existing(await context.clientById.load(id), 'client')));
  const accounts = await Promise.all(
    accountIds.map(async (id) => existing(await context.accountById.load(id), 'account')),
  );
  if (given.kind !== 'CONNECTION_FAILING' && accounts.some((account) => !offersProduct(account, 'campaigns')))
    throw refusal('accountIds', `must be accounts with campaigns for ${given.kind}`);
  await membersOfCampaigns(context, campaignIds);
  return {
    clientIds: [...new Set(clients.map(({ id }) => id))],
    accountIds: [...new Set(accounts.map(({ id }) => id))],
    campaignIds: [...new Set(campaignIds)],
  };
}

/** Creates an alert rule. Throws InvalidInput, NotFound, and Conflict with too many. */
export async function createAlertRule(context: Context, given: CreateAlertRuleInput): Promise<AlertRule> {
  const { database, identity } = context;
  const { organizationId, userId = null } = identity;
  if (!organizationId) throw new Unauthenticated();
  const { kind } = given;
  const { name } = parseInput(nameInput, { name: given.name ?? names[kind] });
  const scope = await checkScope(context, given);
  const threshold = thresholdOf(kind, given.threshold);
  const recipientIds = await checkRecipients(context, organizationId, given.recipientIds ?? (userId ? [userId] : []));
  return database.transaction(async (manager) => {
    await manager.query("SELECT pg_advisory_xact_lock(hashtextextended('alert-rules ' || $1, 0))", [organizationId]);
    if ((await manager.countBy(AlertRuleEntity, { organizationId })) >= MAX_RULES)
      throw new Conflict(`There are ${MAX_RULES} alert rules already: delete one first.`);
    const watched = { kind, name, ...scope, threshold, recipientIds };
    const rule = await manager.save(AlertRuleEntity, {
      organizationId,
      ...watched,
      createdByUserId: userId,
      isPaused: false,
    });
    const target = { type: 'AlertRule', id: rule.id };
    await recordAudit(manager, identity, { organizationId, action: 'alert-rule.created', target, after: watched });
    return rule;
  });
}

export interface UpdateAlertRuleInput {
  ruleId: string;
  name?: string | null;
  threshold?: number | null;
  recipientIds?: string[] | null;
  isPaused?: boolean | null;
}

/** Changes an alert rule. Throws InvalidInput and NotFound. */
export async function updateAlertRule(context: Context, given: UpdateAlertRuleInput): Promise<AlertRule> {
  const { database, identity } = context;
  const { organizationId } = identity;
  const { ruleId: id } = given;
  if (!organizationId || !isRowId(id)) throw new NotFound('alert rule');
  const name = typeof given.name === 'string' ? parseInput(nameInput, { name: given.name }).name : undefined;
  const recipientIds = given.recipientIds && (await checkRecipients(context, organizationId, given.recipientIds));
  return database.transaction(async (manager) => {
    const lock = { mode: 'pessimistic_write' as const };
    const rule = await manager.findOne(AlertRuleEntity, { where: { id, organizationId }, lock });
    if (!rule) throw new NotFound('alert rule');
    const changes = {
      name: name ?? rule.name,
      threshold: given.threshold === undefined ? rule.threshold : thresholdOf(rule.kind, given.threshold),
      recipientIds: recipientIds ?? rule.recipientIds,
      isPaused: given.isPaused ?? rule.isPaused,
    };
    await manager.update(AlertRuleEntity, { id, organizationId }, changes);
    const { name: oldName, threshold, recipientIds: oldRecipients, isPaused } = rule;
    await recordAudit(manager, identity, {
      organizationId,
      action: 'alert-rule.updated',
      target: { type: 'AlertRule', id },
      before: { name: oldName, threshold, recipientIds: oldRecipients, isPaused },
      after: changes,
    });
    return { ...rule, ...changes };
  });
}

/** Deletes an alert rule with its alerts. Throws NotFound. */
export async function deleteAlertRule({ database, identity }: Context, { ruleId: id }: { ruleId: string }) {
  const { organizationId } = identity;
  if (!organizationId || !isRowId(id)) throw new NotFound('alert rule');
  await database.transaction(async (manager) => {
    const rule = await manager.findOneBy(AlertRuleEntity, { id, organizationId });
    const { affected } = await manager.delete(AlertRuleEntity, { id, organizationId });
    if (!rule || !affected) throw new NotFound('alert rule');
    const { kind, name } = rule;
    const target = { type: 'AlertRule', id: rule.id };
    await recordAudit(manager, identity, {
      organizationId,
      action: 'alert-rule.deleted',
      target,
      before: { kind, name },
    });
  });
}

/** Returns a page of the alert rules, the oldest first. Throws InvalidInput. */
export async function listAlertRules(
  { database }: Context,
  { organizationId, ...page }: PageArguments & { organizationId: string },
): Promise<Page<AlertRule>> {
  checkPageSize(page.first);
  const query = database
    .createQueryBuilder(AlertRuleEntity, 'rule')
    .where('rule.organizationId = :organizationId', { organizationId })
    .orderBy('rule.createdAt')
    .addOrderBy('rule.id')
    .limit(page.first + 1);
  if (page.after) {
    const [id] = readCursor(position, page.after);
    query.andWhere(
      `(rule.createdAt, rule.id) > (SELECT created_at, id FROM integrations.alert_rule
        WHERE organization_id = :organizationId AND id = :id)`,
      { id },
    );
  }
  return pageOf(await query.getMany(), page, ({ id }) => [id]);
}
