import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { Context } from '#integrations/context.js';
import { type Budget, BudgetEntity } from '#integrations/entities/budget.js';
import type { BudgetModel } from '#integrations/models.js';
import { refusal } from '#integrations/services/shared/refusal.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { Conflict, Unauthenticated } from '#runtime/errors.js';
import { Money } from '#runtime/money.js';
import { parseInput } from '#runtime/parse-input.js';
import { type BudgetTarget, membersOf, type TargetArguments, targetOf } from './budget-target.js';
import { EFFECTIVE_BUDGETS } from './effective-budgets.js';
import { readBudgetsOf } from './read-budgets.js';

const input = z.object({
  month: z.string().regex(/^(20\d\d)-\d\d-01$/, 'must be the first day of a month from 2000 to 2099'),
  amount: z
    .object({
      amount: z.string().regex(/^\d{1,12}(\.\d{1,6})?$/, 'must be more than 0, with at most 12 digits and 6 decimals'),
      currency: z.string(),
    })
    .nullable(),
  repeats: z.boolean(),
});

export interface SetBudgetInput extends TargetArguments {
  month: string;
  /** null = there is no budget. */
  amount?: { amount: string; currency: string } | null;
  /** Whether it holds for later months, too, until another is set. */
  repeats: boolean;
}

/** So many budgets of one month are computed at once. */
const MAX_BUDGETS = 1_000;

async function checkCurrency(context: Context, target: BudgetTarget, currency: string): Promise<void> {
  const members = await membersOf(context, target);
  const currencies = [...new Set(members.flatMap(({ account }) => account.currency ?? []))].sort();
  if (currencies.length === 0) throw refusal('amount', 'cannot be set, as the target has no account with campaigns');
  if (!currencies.includes(currency)) throw refusal('amount', `must be in ${currencies.join(' or ')}`);
  if (target.campaignIds && currencies.length > 1)
    throw refusal('campaignIds', `have several currencies (${currencies.join(', ')}): set a budget for each`);
}

const LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('budgets ' || $1, 0))";

/** Removes the budgets of a month, whatever their currency; where one repeats from before, that it is none is kept. */
async function remove(manager: EntityManager, organizationId: string, target: BudgetTarget, given: SetBudgetInput) {
  const { targetKey } = target;
  const { month, repeats } = given;
  await manager.delete(BudgetEntity, { organizationId, targetKey, month });
  const left = await manager.query<Budget[]>(EFFECTIVE_BUDGETS('target_key = $3'), [organizationId, month, targetKey]);
  for (const { currency } of left) {
    await manager.insert(BudgetEntity, { organizationId, ...target, month, currency, repeats, amountMicros: null });
  }
}

async function save(manager: EntityManager, budget: Omit<Budget, 'id'>): Promise<void> {
  const { organizationId, targetKey, currency, month } = budget;
  const changed = await manager.update(
    BudgetEntity,
    { organizationId, targetKey, currency, month },
    { amountMicros: budget.amountMicros, repeats: budget.repeats },
  );
  if (!changed.affected) await manager.insert(BudgetEntity, budget);
}

/**
 * Sets the budget of a client, an account or campaigns for a month, one for each currency, or removes it. Throws InvalidInput,
 * NotFound, Conflict with too many, and LimitReached for a client that the plan does not include.
 */
export async function setBudget(context: Context, given: SetBudgetInput): Promise<BudgetModel[]> {
  const { organizationId } = context.identity;
  if (!organizationId) throw new Unauthenticated();
  const target = await targetOf(context, given);
  // A variable that was forgotten must not remove a budget.
  if (given.amount === undefined) throw refusal('amount', 'must be given; null removes the budget');
  const { month, amount, repeats } = parseInput(input, given as z.input<typeof input>);
  const micros = amount && Money.fromDecimal(amount.amount, amount.currency).toMicros();
  if (micros === 0n) throw refusal('amount', 'must be more than 0; null removes the budget');
  if (amount && target.clientId) await context.plan.requireClientInUse({ id: target.clientId, organizationId });
  if (amount) await checkCurrency(context, target, amount.currency);
  await context.database.transaction(async (manager) => {
    await manager.query(LOCK, [organizationId]);
    const { targetKey } = target;
    const before = await manager.query<Budget[]>(EFFECTIVE_BUDGETS('target_key = $3'), [
      organizationId,
      month,
      targetKey,
    ]);
    const all = await manager.query<Budget[]>(EFFECTIVE_BUDGETS('true'), [organizationId, month]);
    if (amount && before.length === 0 && all.length >= MAX_BUDGETS)
      throw new Conflict(`There are ${MAX_BUDGETS} budgets of this month already.`);
    if (amount) {
      const { currency } = amount;
      await save(manager, { organizationId, ...target, month, currency, repeats, amountMicros: String(micros) });
    } else await remove(manager, organizationId, target, { ...given, month, repeats });
    await recordAudit(manager, context.identity, {
      organizationId,
      action: amount ? 'budget.set' : 'budget.removed',
      target: auditTarget(target),
      before: { budgets: before.map(({ amountMicros, currency }) => moneyText(amountMicros as string, currency)) },
      after: { month, repeats, ...(amount && { amount: amount.amount, currency: amount.currency }) },
    });
  });
  return readBudgetsOf(context, { organizationId, month, targetKey: target.targetKey });
}

const moneyText = (micros: string, currency: string) => `${Money.fromMicros(micros, currency)} ${currency}`;

function auditTarget({ clientId, accountId, campaignIds }: BudgetTarget) {
  if (clientId) return { type: 'Client', id: clientId };
  if (accountId) return { type: 'Account', id: accountId };
  return { type: 'Campaign', id: (campaignIds ?? []).join(' ') };
}
