import type { Report } from '#reporting/entities/report.js';
import type { ReportedAccount } from '#reporting/templates/template.js';
import type { Services } from '#runtime/services.js';
import { type CampaignPage, campaignPagesQuery, campaignPageVariables, reportedCampaign } from './campaign-pages.js';

const ACCOUNTS = /* GraphQL */ `
  query ReportedAccounts($clientIds: [ID!]) {
    organization {
      accounts(clientIds: $clientIds) { id name currency status provider { name } }
    }
  }
`;

interface AccountsAnswer {
  organization: {
    accounts: { id: string; name: string; currency: string; status: string; provider: { name: string } }[];
  };
}

// The gateway limits how much one operation may ask for.
const ACCOUNTS_PER_OPERATION = 10;

/**
 * Returns the accounts a report covers with all their campaigns, asked from the graph on behalf of its organization.
 * `onProgress` is told the part of the accounts that is complete, 0 to 1, after every request: it is also the sign that
 * the worker lives.
 */
export async function readAccounts(
  { graph }: Pick<Services, 'graph'>,
  report: Report,
  onProgress: (part: number) => Promise<void>,
): Promise<ReportedAccount[]> {
  const { id, organizationId, clientIds, rangeStart, rangeEnd } = report;
  const asker = { organizationId, requestId: `report-${id}` };
  const { organization } = await graph.query<AccountsAnswer>(
    { query: ACCOUNTS, variables: { clientIds: clientIds.length > 0 ? clientIds : null } },
    asker,
  );
  await onProgress(0);
  const accounts = organization.accounts.map(({ id: accountId, provider, ...account }) => ({
    id: accountId,
    after: null as string | null,
    reported: { ...account, provider: provider.name, campaigns: [] } as ReportedAccount,
  }));
  const incomplete = [...accounts];
  while (incomplete.length > 0) {
    const asked = incomplete.splice(0, ACCOUNTS_PER_OPERATION);
    const pages = await graph.query<Record<string, { campaigns: CampaignPage }>>(
      {
        query: campaignPagesQuery(asked.length),
        variables: { range: { start: rangeStart, end: rangeEnd }, ...campaignPageVariables(asked) },
      },
      asker,
    );
    for (const [index, account] of asked.entries()) {
      const { edges, pageInfo } = (pages[`account${index}`] as { campaigns: CampaignPage }).campaigns;
      for (const { node } of edges) account.reported.campaigns.push(reportedCampaign(node));
      account.after = pageInfo.endCursor;
      if (pageInfo.hasNextPage) incomplete.push(account);
    }
    await onProgress(1 - incomplete.length / accounts.length);
  }
  return accounts.map(({ reported }) => reported);
}
