import { isRowId } from '#runtime/database/database.js';

/** A campaign by its account and its id at the provider. */
export interface CampaignKey {
  accountId: string;
  externalId: string;
}

/** Returns the opaque id of a campaign. */
export const campaignIdOf = ({ accountId, externalId }: CampaignKey): string =>
  Buffer.from(`${accountId}:${externalId}`).toString('base64url');

/** Returns what an opaque id stands for; null for what is none. */
export function parseCampaignId(id: string): CampaignKey | null {
  const text = Buffer.from(id, 'base64url').toString();
  const split = text.indexOf(':');
  const key = { accountId: text.slice(0, Math.max(split, 0)), externalId: text.slice(split + 1) };
  const isWritten = isRowId(key.accountId) && key.externalId !== '' && !key.externalId.includes('\0');
  return isWritten && campaignIdOf(key) === id ? key : null;
}
