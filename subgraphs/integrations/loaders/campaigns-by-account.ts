import DataLoader from 'dataloader';
import type { Account } from '../entities/account.js';
import type { CampaignAnswer, CampaignRow, DayRange } from '../providers/provider.js';
import { groupBy } from './group-by.js';

/** Which campaigns are wanted. */
export interface CampaignsKey {
  account: Account;
  range: DayRange;
}

/** Asks for the campaigns of accounts that stand behind one connection; answers by account id. */
export type AskCampaigns = (accounts: Account[], range: DayRange) => Promise<Map<string, CampaignAnswer>>;

const nameOfRange = ({ start, end }: DayRange) => `${start} ${end}`;

/**
 * Loads campaigns with their metrics. The accounts of one connection are asked for together, connections beside each
 * other; what fails for one account or connection leaves the others alone.
 */
export function campaignsByAccount(ask: AskCampaigns): DataLoader<CampaignsKey, CampaignRow[], string> {
  return new DataLoader<CampaignsKey, CampaignRow[], string>(
    async (keys) => {
      const groups = groupBy(keys, ({ account, range }) => `${account.connectionId} ${nameOfRange(range)}`);
      const answers = new Map<CampaignsKey, CampaignAnswer>();
      const askGroup = async (group: CampaignsKey[]) => {
        const { range } = group[0] as CampaignsKey;
        const accounts = group.map(({ account }) => account);
        const byAccount = await ask(accounts, range).catch((error: Error) => error);
        for (const key of group) {
          const answer = byAccount instanceof Error ? byAccount : byAccount.get(key.account.id);
          if (answer) answers.set(key, answer);
        }
      };
      await Promise.all([...groups.values()].map(askGroup));
      return keys.map((key) => answers.get(key) ?? new Error(`Nobody answered for account ${key.account.id}`));
    },
    { cacheKeyFn: ({ account, range }) => `${account.id} ${nameOfRange(range)}` },
  );
}
