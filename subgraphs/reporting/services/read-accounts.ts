import type { ServiceContext } from '#reporting/context.js';
import type { Report } from '#reporting/entities/report.js';
import type { ReportedAccount } from '#reporting/templates/template.js';
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

// The gateway limits the cost of one operation.
const ACCOUNTS_PER_OPERATION = 10;

interface Reading {
  id: string;
  after: string | null;
  reported: ReportedAccount;
}

/** Reads the next page of each account. Returns the accounts with another page. */
async function readPages(
  { services }: ServiceContext,
  { report, accounts }: { report: Report; accounts: Reading[] },
): Promise<Reading[]> {
  const { rangeStart: start, rangeEnd: end } = report;
  const pages = await services.graph.query<Record<string, { campaigns: CampaignPage }>>(
    {
      query: campaignPagesQuery(accounts.length),
      variables: { range: { start, end }, ...campaignPageVariables(accounts) },
    },
    callerOf(report),
  );
  return accounts.filter((account, index) => {
    const { edges, pageInfo } = (pages[`account${index}`] as { campaigns: CampaignPage }).campaigns;
    for (const { node } of edges) account.reported.campaigns.push(reportedCampaign(node));
    account.after = pageInfo.endCursor;
    return pageInfo.hasNextPage;
  });
}

const callerOf = ({ id, organizationId }: Report) => ({ organizationId, requestId: `report-${id}` });

/**
 * Returns a report's accounts with all their campaigns. `onProgress` gets the share of complete accounts after every
 * request.
 */
export async function readAccounts(
  context: ServiceContext,
  { report, onProgress }: { report: Report; onProgress(share: number): Promise<void> },
): Promise<ReportedAccount[]> {
  const clientIds = report.clientIds.length > 0 ? report.clientIds : null;
  const operation = { query: ACCOUNTS, variables: { clientIds } };
  const { organization } = await context.services.graph.query<AccountsAnswer>(operation, callerOf(report));
  await onProgress(0);
  const accounts = organization.accounts.map(
    ({ id, provider, ...account }): Reading => ({
      id,
      after: null,
      reported: { ...account, provider: provider.name, campaigns: [] },
    }),
  );
  const incomplete = [...accounts];
  while (incomplete.length > 0) {
    const batch = incomplete.splice(0, ACCOUNTS_PER_OPERATION);
    incomplete.push(...(await readPages(context, { report, accounts: batch })));
    await onProgress(1 - incomplete.length / accounts.length);
  }
  return accounts.map(({ reported }) => reported);
}
