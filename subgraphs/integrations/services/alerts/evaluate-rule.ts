import { addDays, type DayRange } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { Alert } from '#integrations/entities/alert.js';
import type { AlertRule } from '#integrations/entities/alert-rule.js';
import { ConnectionEntity } from '#integrations/entities/connection.js';
import { describeFault } from '#integrations/faults/fault-code.js';
import { describeProviderById } from '#integrations/providers/index.js';
import { listAccounts, offersProduct } from '#integrations/services/accounts/list-accounts.js';
import { type Member, membersOfCampaigns, noneIfGone } from '#integrations/services/budgets/budget-target.js';
import { daysOfPace, listBudgets, monthOf, paceOf } from '#integrations/services/budgets/read-budgets.js';
import {
  type CountedTarget,
  knownDays,
  readCopiedDays,
  type TargetDays,
  todayOf,
} from '#integrations/services/budgets/target-days.js';
import { campaignIdOf } from '#integrations/services/campaigns/campaign-id.js';
import { judgeFigures, judgePace, SETTLED_DAYS, type Verdict, WEEKS } from './conditions.js';

const HOUR_MS = 3_600_000;
const HISTORY_DAYS = 7 * WEEKS + 2 * SETTLED_DAYS + 7;

/** What a rule finds about one target. */
export interface Finding
  extends Pick<
    Alert,
    'targetKey' | 'target' | 'clientId' | 'accountId' | 'campaignId' | 'accountIds' | 'connectionId'
  > {
  verdict: Verdict;
}

const NONE = { clientId: null, accountId: null, campaignId: null, accountIds: [], connectionId: null };

interface FigureTarget extends CountedTarget {
  currency: string;
  about: Omit<Finding, 'verdict' | 'targetKey'>;
}

const accountTarget = (account: Account): FigureTarget => ({
  key: `account ${account.id}`,
  members: [{ account, campaignIds: null }],
  currency: account.currency as string,
  about: { ...NONE, target: account.name, accountId: account.id, accountIds: [account.id] },
});

async function clientTargets(context: Context, clientId: string): Promise<FigureTarget[]> {
  const client = await context.clientById.load(clientId);
  if (!client) return [];
  const all = await context.accountsByClient.load(clientId);
  const accounts = all.filter((account) => offersProduct(account, 'campaigns'));
  const currencies = [...new Set(accounts.flatMap(({ currency }) => currency ?? []))];
  return currencies.map((currency) => {
    const own = accounts.filter((account) => account.currency === currency);
    return {
      key: `client ${clientId} ${currency}`,
      members: own.map((account) => ({ account, campaignIds: null })),
      currency,
      about: { ...NONE, target: client.name, clientId, accountIds: own.map(({ id }) => id) },
    };
  });
}

async function campaignTargets(context: Context, ids: string[]): Promise<FigureTarget[]> {
  const found = await Promise.all(ids.map((id) => membersOfCampaigns(context, [id]).catch(noneIfGone)));
  const targets = found.flat().flatMap(({ account, campaignIds }) =>
    (campaignIds ?? []).map(async (externalId): Promise<FigureTarget> => {
      const known = (await context.history.campaigns.load(account.id)).get(externalId);
      const campaignId = campaignIdOf({ accountId: account.id, externalId });
      return {
        key: `campaign ${campaignId}`,
        members: [{ account, campaignIds: [externalId] }],
        currency: account.currency as string,
        about: {
          ...NONE,
          target: known?.name ?? externalId,
          accountId: account.id,
          campaignId,
          accountIds: [account.id],
        },
      };
    }),
  );
  return Promise.all(targets);
}

/** Accounts that are open and cost something. */
const isCounted = ({ currency, isActive }: Account) => currency !== null && isActive;

async function figureTargets(context: Context, rule: AlertRule): Promise<FigureTarget[]> {
  const { organizationId, clientIds, accountIds, campaignIds } = rule;
  if (campaignIds.length > 0) return campaignTargets(context, campaignIds);
  if (clientIds.length > 0) return (await Promise.all(clientIds.map((id) => clientTargets(context, id)))).flat();
  const all = await listAccounts(context, { organizationId, product: 'campaigns' });
  const accounts = all.filter(({ id }) => accountIds.length === 0 || accountIds.includes(id));
  return accounts.filter(isCounted).map(accountTarget);
}

/** The days that are over in all accounts of a target, as far back as they matter. */
function rangeOf(members: Member[], now: Date): DayRange {
  const today = todayOf(
    members.map(({ account }) => account),
    now,
  );
  return { start: addDays(today, -HISTORY_DAYS), end: addDays(today, -1) };
}

const outerRange = (ranges: DayRange[]): DayRange => ({
  start: ranges.map(({ start }) => start).sort()[0] as string,
  end: ranges
    .map(({ end }) => end)
    .sort()
    .at(-1) as string,
});

async function judgeTargets(context: Context, rule: AlertRule): Promise<Finding[]> {
  const { organizationId, kind, threshold } = rule;
  const now = context.services.now();
  const targets = (await figureTargets(context, rule)).filter(({ members }) =>
    members.some(({ account }) => isCounted(account)),
  );
  if (targets.length === 0) return [];
  const range = outerRange(targets.map(({ members }) => rangeOf(members, now)));
  const days = await readCopiedDays(context, { organizationId, targets, range });
  return targets.map(({ key, members, currency, about }) => {
    const own = days.get(key) as TargetDays;
    const ownRange = rangeOf(members, now);
    const settledDays = kind === 'CPA_UNUSUAL' || kind === 'TRACKING_GONE' ? SETTLED_DAYS : 0;
    const accounts = members.map(({ account }) => account);
    const known = new Set(knownDays(own, { accounts, range: ownRange, today: '', settledDays }));
    const figures = { figures: own.figures, isKnown: (day: string) => known.has(day), currency };
    return { ...about, targetKey: key, verdict: judgeFigures(kind, figures, ownRange.end, threshold ?? 0) };
  });
}

async function judgeBudgets(
  context: Context,
  rule: AlertRule & { kind: 'OVER_PACE' | 'UNDER_PACE' },
  open: ReadonlySet<string>,
): Promise<Finding[]> {
  const { organizationId, clientIds, accountIds, campaignIds, kind, threshold } = rule;
  const now = context.services.now();
  const all = await listAccounts(context, { organizationId });
  // The month that is going on somewhere: those of accounts whose month is over are judged no more.
  const month = monthOf(todayOf(all, now));
  const budgets = (await listBudgets(context, { organizationId, month: month.start })).filter(({ budget }) => {
    if (clientIds.length > 0) return budget.clientId !== null && clientIds.includes(budget.clientId);
    if (accountIds.length > 0) return budget.accountId !== null && accountIds.includes(budget.accountId);
    return campaignIds.length === 0 || (budget.campaignIds ?? []).some((id) => campaignIds.includes(id));
  });
  if (budgets.length === 0) return [];
  const ranges = budgets.map(({ members }) =>
    daysOfPace(
      month,
      todayOf(
        members.map(({ account }) => account),
        now,
      ),
    ),
  );
  const days = await readCopiedDays(context, { organizationId, targets: budgets, range: outerRange(ranges) });
  return Promise.all(
    budgets.map(async (counted): Promise<Finding> => {
      const { budget, members, key } = counted;
      const targetKey = `budget ${key} ${month.start}`;
      const pace = paceOf(counted, { days: days.get(key) as TargetDays, month, now });
      const [member] = members;
      const client = budget.clientId ? await context.clientById.load(budget.clientId) : null;
      const names = (budget.campaignIds ?? []).length;
      return {
        ...NONE,
        targetKey,
        target: client?.name ?? (budget.accountId ? (member?.account.name ?? '') : `${names} campaigns`),
        clientId: budget.clientId,
        accountId: budget.accountId,
        campaignId: names === 1 ? (budget.campaignIds?.[0] ?? null) : null,
        accountIds: members.map(({ account }) => account.id),
        verdict: judgePace(kind, {
          pace,
          currency: budget.currency,
          threshold: threshold ?? 0,
          isOpen: open.has(targetKey),
        }),
      };
    }),
  );
}

async function judgeConnections(context: Context, rule: AlertRule): Promise<Finding[]> {
  const { organizationId, clientIds, accountIds } = rule;
  const now = context.services.now().getTime();
  const connections = await context.database.manager.findBy(ConnectionEntity, { organizationId });
  const all = await listAccounts(context, { organizationId, ...(clientIds.length > 0 && { clientIds }) });
  const isLimited = clientIds.length > 0 || accountIds.length > 0;
  const accounts = all.filter(({ id }) => accountIds.length === 0 || accountIds.includes(id));
  const watched = new Set(accounts.map(({ connectionId }) => connectionId));
  return connections
    .filter(({ id, status }) => status !== 'DISCONNECTED' && (!isLimited || watched.has(id)))
    .map((connection): Finding => {
      const { id, providerId, grantedBy, status, fault, reason } = connection;
      const { name } = describeProviderById(providerId);
      const isLasting = fault !== null && now - Date.parse(fault.since) >= HOUR_MS;
      const isRaised = status === 'RECONNECT_REQUIRED' || isLasting;
      const why = reason ?? fault?.message ?? (fault ? describeFault(fault.code, name) : 'It works.');
      return {
        ...NONE,
        targetKey: `connection ${id}`,
        target: `${name} as ${grantedBy}`,
        connectionId: id,
        verdict: { isRaised, message: why, day: null },
      };
    });
}

/**
 * Returns what a rule finds about each of its targets, from copied days: no provider is asked. `open` are the keys of targets
 * whose alerts are raised.
 */
export function evaluateRule(context: Context, rule: AlertRule, open: ReadonlySet<string>): Promise<Finding[]> {
  const { kind } = rule;
  if (kind === 'OVER_PACE' || kind === 'UNDER_PACE') return judgeBudgets(context, { ...rule, kind }, open);
  return kind === 'CONNECTION_FAILING' ? judgeConnections(context, rule) : judgeTargets(context, rule);
}
