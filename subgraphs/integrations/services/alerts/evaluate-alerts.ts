import { IsNull } from 'typeorm';
import type { Context } from '#integrations/context.js';
import { AlertEntity } from '#integrations/entities/alert.js';
import { AlertRuleEntity } from '#integrations/entities/alert-rule.js';
import { evaluateRule } from './evaluate-rule.js';
import { saveFindings } from './save-findings.js';

/** The job that evaluates the rules of one organization; its key is the organization's id. */
export const EVALUATE_ALERTS = 'integrations.evaluate-alerts';

const KEPT_MS = 400 * 86_400_000;

/** Evaluates the alert rules of an organization. Safe to run concurrently. Rules that fail are tried again with the others. */
export async function evaluateAlerts(
  context: Context,
  { organizationId, signal }: { organizationId: string; signal: AbortSignal },
): Promise<void> {
  const { manager } = context.database;
  if (await context.plan.isReadOnly(organizationId)) return;
  const rules = await manager.findBy(AlertRuleEntity, { organizationId, isPaused: false });
  const failures: unknown[] = [];
  for (const rule of rules) {
    signal.throwIfAborted();
    const open = await manager.findBy(AlertEntity, { organizationId, ruleId: rule.id, resolvedAt: IsNull() });
    try {
      const findings = await evaluateRule(context, rule, new Set(open.map(({ targetKey }) => targetKey)));
      await saveFindings(context, { rule, findings, open });
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Some alert rules could not be evaluated');
}

/** Queues the evaluation of an organization's rules, if it has any. Never rejects: they are evaluated every hour anyway. */
export async function evaluateAlertsSoon({ database, services }: Context, organizationId: string): Promise<void> {
  try {
    const hasRules = await database.manager.existsBy(AlertRuleEntity, { organizationId, isPaused: false });
    if (hasRules) await services.jobs.enqueue(EVALUATE_ALERTS, { key: organizationId, organizationId });
  } catch (error) {
    services.logger.warn({ err: error, organizationId }, 'The evaluation of alert rules could not be queued');
  }
}

/** Queues the evaluation of the rules of every organization that gets new figures, and deletes alerts that were resolved 400 days ago. */
export async function queueAlerts({ database, services, plan }: Context): Promise<void> {
  await database.query('DELETE FROM integrations.alert WHERE resolved_at < $1', [
    new Date(services.now().getTime() - KEPT_MS),
  ]);
  const rows = await database.query<{ organizationId: string }[]>(
    'SELECT DISTINCT organization_id AS "organizationId" FROM integrations.alert_rule WHERE NOT is_paused',
  );
  for (const { organizationId } of rows) {
    if (await plan.isReadOnly(organizationId)) continue;
    await services.jobs.enqueue(EVALUATE_ALERTS, { key: organizationId, organizationId });
  }
}
