import { addDays, type DayRange, dayIn } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type {
  CampaignSums,
  DatedDay,
  HistoryPart,
  HistoryQuestion,
  KnownCampaign,
} from '#integrations/loaders/history-loaders.js';
import { addMetrics } from '#integrations/providers/add-metrics.js';
import {
  type AdMetrics,
  type CampaignRow,
  currencyOf,
  type Rows,
  type UnreadableRow,
} from '#integrations/providers/products.js';
import { unreadableError } from '#integrations/services/ask/unreadable-rows.js';
import { reportedThrough } from '#integrations/services/shared/reported-through.js';
import type { DatedUnreadableRow, ReadCampaigns } from './found-figures.js';

/** Returns the copied part of a range; null = nothing is copied, or no connection opens the account. */
export function findCopiedPart(
  { providers, history }: Context,
  { account, range }: HistoryQuestion,
): Promise<HistoryPart | null> {
  const isCopied = providers.find(account.providerId)?.history !== undefined;
  if (!isCopied || !account.isActive || account.access === null) return Promise.resolve(null);
  return history.parts.load({ account, range });
}

const oldest = (one: Date, other: Date | null) => (other && other < one ? other : one);

const NONE: UnreadableRow[] = [];

interface Listed {
  /** As the provider lists them now, with sums over the missing days. */
  listed: Rows<CampaignRow>;
  /** The sums over the copied days. */
  sums: CampaignSums[];
  currency: string;
  /** Whether the sums in `listed` count: there are missing days. */
  countsListed: boolean;
}

interface Joined {
  campaigns: CampaignRow[];
  /** Copied sums of campaigns that are not listed. */
  rest: CampaignSums[];
}

/** Joins copied sums with listed campaigns. */
function joinSums({ listed, sums, currency, countsListed }: Listed): Joined {
  const rest = new Map(sums.map((one) => [one.externalId, one]));
  // A sum without its unreadable part would mislead.
  for (const { row } of countsListed ? listed.unreadable : []) rest.delete(row);
  const campaigns = listed.rows.flatMap((campaign): CampaignRow[] => {
    const copied = rest.get(campaign.externalId)?.metrics;
    rest.delete(campaign.externalId);
    if (campaign.status === 'ENDED' && !copied && !countsListed) return [];
    if (copied && !countsListed && !copied.actions) return [{ ...campaign, metrics: copied }];
    const all: AdMetrics[] = [...(countsListed ? [campaign.metrics] : []), ...(copied ? [copied] : [])];
    // Idle on all of these days: where actions are named, what is not named is unknown.
    const unknown = all.length === 0 &&
      campaign.metrics.actions && { conversions: null, conversionValue: null, actions: {} };
    return [{ ...campaign, metrics: { ...addMetrics(all, currency), ...unknown } }];
  });
  return { campaigns, rest: [...rest.values()] };
}

/** One no longer listed has ended, and is returned as last listed; undefined when one is unknown. */
function addEnded({ campaigns, rest }: Joined, known: Map<string, KnownCampaign>): CampaignRow[] | undefined {
  const ended = rest.flatMap(({ externalId, metrics }): CampaignRow[] => {
    const campaign = known.get(externalId);
    return campaign?.status === 'ENDED' ? [{ ...campaign, metrics }] : [];
  });
  return ended.length === rest.length ? [...campaigns, ...ended] : undefined;
}

/** The campaigns of a question; undefined when one is unknown. Remembered as long as nothing of it changes. */
async function joinParts(
  context: Context,
  question: HistoryQuestion,
  parts: Listed,
): Promise<CampaignRow[] | undefined> {
  const { history, remembered } = context;
  const { account, range } = question;
  const { listed, sums, currency, countsListed } = parts;
  const key = `${account.id} ${range.start} ${range.end}`;
  const joined = remembered.derive<Joined>(`joined ${key}`, {
    inputs: [listed, sums, currency, countsListed],
    rows: listed.rows.length,
    derive: () => joinSums(parts),
  });
  if (joined.rest.length === 0) return joined.campaigns;
  const known = await history.campaigns.load(account.id);
  return remembered.derive(`ended ${key}`, {
    inputs: [joined, known],
    rows: joined.campaigns.length,
    derive: () => ({ campaigns: addEnded(joined, known) }),
  }).campaigns;
}

type Campaigns = ReadCampaigns | undefined;

async function loadCampaigns({ loadAnswer }: Context, { account, range }: HistoryQuestion): Promise<Campaigns> {
  const answer = await loadAnswer({ product: 'campaigns', account, range });
  if (!answer) return undefined;
  const { found, fetchedAt } = answer;
  const { rows, unreadable } = found;
  return { ...answer, found: rows, unreadable, reportedThrough: reportedThrough(account, range, fetchedAt) };
}

/** With actions where the provider names them. */
async function copiedSums(
  { history, providers, remembered }: Context,
  question: HistoryQuestion,
): Promise<CampaignSums[]> {
  const namesActions = providers.find(question.account.providerId)?.history?.resultOf !== undefined;
  if (!namesActions) return history.sums.load(question);
  const [sums, actions] = await Promise.all([history.sums.load(question), history.actions.load(question)]);
  const { account, range } = question;
  return remembered.derive(`sums with actions ${account.id} ${range.start} ${range.end}`, {
    inputs: [sums, actions],
    rows: sums.length,
    derive: () =>
      sums.map(({ externalId, metrics }) => ({
        externalId,
        metrics: { ...metrics, actions: actions.get(externalId) ?? {} },
      })),
  });
}

/** Returns what is copied of an account that is not asked any more. */
async function copiedCampaigns(
  context: Context,
  { account, range, part }: HistoryQuestion & { part: HistoryPart },
): Promise<ReadCampaigns> {
  const { history, services } = context;
  const [sums, known] = await Promise.all([
    copiedSums(context, { account, range }),
    history.campaigns.load(account.id),
  ]);
  const currency = currencyOf(account);
  const rows = [...known.values()].map((campaign) => ({ ...campaign, metrics: addMetrics([], currency) }));
  const listed = { rows, unreadable: [] };
  const { campaigns, rest } = joinSums({ listed, sums, currency, countsListed: false });
  const through = part.gap ? addDays(part.gap.start, -1) : range.end;
  return {
    found: rest.length === 0 ? campaigns : [],
    unreadable: NONE,
    fetchedAt: part.fetchedAt ?? services.now(),
    isStale: part.gap !== null || part.fetchedAt !== null,
    reportedThrough: through < range.start ? null : through,
  };
}

async function findCampaigns(context: Context, { account, range }: HistoryQuestion): Promise<Campaigns> {
  const { services, loadAnswer } = context;
  const part = await findCopiedPart(context, { account, range });
  if (!part) return loadCampaigns(context, { account, range });
  if (await context.plan.refusalOfAccount(account)) return copiedCampaigns(context, { account, range, part });
  const today = dayIn(account.timeZone, services.now());
  const missing = part.gap ?? { start: today, end: today };
  const [answer, sums] = await Promise.all([
    loadAnswer({ product: 'campaigns', account, range: missing }),
    copiedSums(context, { account, range }),
  ]);
  if (!answer) return undefined;
  const countsListed = part.gap !== null;
  const question = { account, range };
  const found = await joinParts(context, question, {
    listed: answer.found,
    sums,
    currency: currencyOf(account),
    countsListed,
  });
  if (!found) return loadCampaigns(context, { account, range });
  const unreadable = countsListed ? answer.found.unreadable : NONE;
  return {
    ...answer,
    found,
    unreadable,
    fetchedAt: oldest(answer.fetchedAt, part.fetchedAt),
    reportedThrough: part.gap ? reportedThrough(account, range, answer.fetchedAt) : range.end,
  };
}

/**
 * Returns an account's campaigns with sums over a range: the copied days, and from the provider the missing days and
 * the current list, in at most one question, mostly the same for every range that ends today. undefined where the
 * provider offers no campaigns.
 */
export function readCampaigns(context: Context, question: { account: Account; range: DayRange }): Promise<Campaigns> {
  // Pending from the start: connection health is reported after it.
  return context.pendingAnswers.add(question.account.connectionId, findCampaigns(context, question));
}

/** Daily figures, and the rows that are left out of them. */
interface Days {
  rows: DatedDay[];
  unreadable: DatedUnreadableRow[];
}

async function loadDays({ loadAnswer }: Context, { account, range }: HistoryQuestion): Promise<Days> {
  const answer = await loadAnswer({ product: 'campaignDays', account, range });
  if (!answer) return { rows: [], unreadable: [] };
  const { found, fetchedAt } = answer;
  const unreadable = found.unreadable.map(({ day, ...row }) => {
    // Which day lacks it cannot be said.
    if (!day) throw unreadableError(account, row);
    return { ...row, day, fetchedAt };
  });
  return { rows: found.rows.map((day) => ({ ...day, fetchedAt })), unreadable };
}

async function findCampaignDays(context: Context, { account, range }: HistoryQuestion): Promise<Days> {
  const part = await findCopiedPart(context, { account, range });
  if (!part) return loadDays(context, { account, range });
  const [copied, missing] = await Promise.all([
    context.history.days.load({ account, range }),
    part.gap ? loadDays(context, { account, range: part.gap }) : undefined,
  ]);
  return { rows: [...copied, ...(missing?.rows ?? [])], unreadable: missing?.unreadable ?? [] };
}

/** Returns the daily figures of an account's campaigns, copied or else from the provider. */
export function readCampaignDays(context: Context, question: { account: Account; range: DayRange }): Promise<Days> {
  return context.pendingAnswers.add(question.account.connectionId, findCampaignDays(context, question));
}
