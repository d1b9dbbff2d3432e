import { createHash } from 'node:crypto';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { Budget } from '#integrations/entities/budget.js';
import { existing } from '#integrations/loaders/own-row-by-id.js';
import { offersProduct } from '#integrations/services/accounts/list-accounts.js';
import { type CampaignKey, parseCampaignId } from '#integrations/services/campaigns/campaign-id.js';
import { checkSize } from '#integrations/services/shared/check-size.js';
import { refusal } from '#integrations/services/shared/refusal.js';
import { NotFound } from '#runtime/errors.js';

const MAX_CAMPAIGNS = 100;

export interface TargetArguments {
  clientId?: string | null;
  accountId?: string | null;
  campaignIds?: string[] | null;
}

export type BudgetTarget = Pick<Budget, 'clientId' | 'accountId' | 'campaignIds' | 'targetKey'>;

/** The days of an account that count, of one campaign or of all. */
export interface Member {
  account: Account;
  campaignIds: string[] | null;
}

/** Returns the accounts with their campaigns behind opaque ids. Throws NotFound, alike for campaigns of other organizations. */
export async function membersOfCampaigns(context: Context, ids: readonly string[]): Promise<Member[]> {
  const keys = [...new Set(ids)].map((id) => parseCampaignId(id));
  const accounts = await Promise.all(keys.map((key) => key && context.accountById.load(key.accountId)));
  const byAccount = new Map<string, { account: Account; campaignIds: string[] }>();
  for (const [index, account] of accounts.entries()) {
    const key = keys[index] as CampaignKey | null;
    if (!key || !account) throw new NotFound('campaign');
    const member = byAccount.get(account.id) ?? { account, campaignIds: [] };
    member.campaignIds.push(key.externalId);
    byAccount.set(account.id, member);
  }
  return [...byAccount.values()];
}

/** Any other error must not make a target disappear. */
export function noneIfGone(error: unknown): Member[] {
  if (error instanceof NotFound) return [];
  throw error;
}

/** Returns what a budget counts: the accounts of its target with campaigns, as others cost nothing. Those that are gone are left out. */
export async function membersOf(
  context: Context,
  { clientId, accountId, campaignIds }: Omit<BudgetTarget, 'targetKey'>,
): Promise<Member[]> {
  if (campaignIds) return membersOfCampaigns(context, campaignIds).catch(noneIfGone);
  const account = accountId ? await context.accountById.load(accountId) : null;
  const accounts = clientId ? await context.accountsByClient.load(clientId) : account ? [account] : [];
  return accounts.filter((one) => offersProduct(one, 'campaigns')).map((one) => ({ account: one, campaignIds: null }));
}

const keyOfCampaigns = (ids: string[]) => createHash('sha256').update(ids.join(' ')).digest('base64url').slice(0, 22);

/** Returns the one target that arguments name. Throws InvalidInput for none or several, and NotFound. */
export async function targetOf(context: Context, given: TargetArguments): Promise<BudgetTarget> {
  const { clientId, accountId, campaignIds } = given;
  const named = [clientId, accountId, campaignIds].filter((one) => one !== null && one !== undefined);
  if (named.length !== 1) throw refusal('clientId', 'must be given, or accountId, or campaignIds: exactly one of them');
  const none = { clientId: null, accountId: null, campaignIds: null };
  if (clientId) {
    const { id } = existing(await context.clientById.load(clientId), 'client');
    return { ...none, clientId: id, targetKey: `client ${id}` };
  }
  if (accountId) {
    const { id } = existing(await context.accountById.load(accountId), 'account');
    return { ...none, accountId: id, targetKey: `account ${id}` };
  }
  checkSize('campaignIds', campaignIds, MAX_CAMPAIGNS);
  const ids = [...new Set(campaignIds)].sort();
  if (ids.length === 0) throw refusal('campaignIds', 'must name at least one campaign');
  await membersOfCampaigns(context, ids);
  return { ...none, campaignIds: ids, targetKey: `campaigns ${keyOfCampaigns(ids)}` };
}
