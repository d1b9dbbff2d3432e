import type { ServiceContext } from '#reporting/context.js';
import type { Report, UnavailableAccount } from '#reporting/entities/report.js';
import type { ReportedAccount } from '#reporting/templates/template.js';
import { GraphRequestFailed } from '#runtime/http/graph-client.js';
import { currentRequestContext } from '#runtime/scope/request-context.js';
import { type CampaignPage, campaignPagesQuery, campaignPageVariables, reportedCampaign } from './campaign-pages.js';
import { AccountsUnavailable, isOfAccount, isPermanent } from './report-failure.js';

const ACCOUNTS = /* GraphQL */ `
  query ReportedAccounts($clientIds: [ID!]) {
    organization {
      accounts(clientIds: $clientIds) { id name currency status provider { name products } }
    }
  }
`;

interface AccountsAnswer {
  organization: {
    accounts: {
      id: string;
      name: string;
      currency: string | null;
      status: string;
      provider: { name: string; products: string[] };
    }[];
  };
}

// The gateway limits the cost of one operation.
const ACCOUNTS_PER_OPERATION = 10;

const NAMED_CAMPAIGNS = 5;

interface Reading {
  id: string;
  after: string | null;
  reported: ReportedAccount;
}

export interface ReadOptions {
  report: Report;
  /** Whether an account that may be read later counts as unavailable now. */
  isLastAttempt: boolean;
  /** Gets the share of complete accounts after every request. */
  onProgress(share: number): Promise<void>;
}

/** Under the id of the request that ordered the report, so that one id finds all lines of the log. */
const callerOf = ({ id, organizationId }: Report) => ({
  part: 'reporting',
  organizationId,
  requestId: currentRequestContext()?.requestId ?? `report-${id}`,
});

const unavailable = ({ id, reported }: Reading, { code, message }: GraphRequestFailed): UnavailableAccount => ({
  accountId: id,
  name: reported.name,
  provider: reported.provider,
  code,
  message,
});

/** What is missing of an account that is there otherwise: the rest stays, whatever the report does about whole accounts. */
function leftOut(account: Reading, unreadable: CampaignPage['unreadable']): ReportedAccount['leftOut'] {
  const [count, verb] = unreadable.length === 1 ? ['1 campaign', 'is'] : [`${unreadable.length} campaigns`, 'are'];
  const named = unreadable.slice(0, NAMED_CAMPAIGNS).map(({ row, field }) => `${row} (${field})`);
  const others = unreadable.length > named.length ? ', …' : '';
  const message = `${count} ${verb} left out, as a value cannot be read exactly: ${named.join(', ')}${others}.`;
  const failure = new GraphRequestFailed(message, 'PROVIDER_UNAVAILABLE');
  return { rows: unreadable.map(({ row }) => row), reason: unavailable(account, failure) };
}

/** Returns the accounts of a batch that cannot be read. Throws the error that is not an account's, or worth a retry. */
function unavailableIn(batch: Reading[], errors: GraphRequestFailed[], isLastAttempt: boolean): UnavailableAccount[] {
  const found = new Map<string, UnavailableAccount>();
  for (const error of errors) {
    const account = batch[Number(/^account(\d+)$/.exec(String(error.path[0]))?.[1])];
    if (!account || !isOfAccount(error)) throw error;
    if (!isPermanent(error) && !isLastAttempt) throw error;
    if (!found.has(account.id)) found.set(account.id, unavailable(account, error));
  }
  return [...found.values()];
}

/** Reads the next page of each account. Returns the accounts with another page, and those that cannot be read. */
async function readPages(
  { services }: ServiceContext,
  { report, isLastAttempt }: ReadOptions,
  accounts: Reading[],
): Promise<{ incomplete: Reading[]; failed: UnavailableAccount[] }> {
  const { rangeStart: start, rangeEnd: end } = report;
  const operation = {
    query: campaignPagesQuery(accounts.length),
    variables: { range: { start, end }, ...campaignPageVariables(accounts) },
  };
  type Pages = Record<string, { campaigns: CampaignPage | null } | null>;
  const { data, errors } = await services.graph.queryPartly<Pages>(operation, callerOf(report));
  const failed = unavailableIn(accounts, errors, isLastAttempt);
  const incomplete = accounts.filter((account, index) => {
    if (failed.some(({ accountId }) => accountId === account.id)) return false;
    const page = data[`account${index}`]?.campaigns;
    if (!page) throw new GraphRequestFailed('The gateway answered without campaigns.', 'INTERNAL_SERVER_ERROR');
    for (const { node } of page.edges) account.reported.campaigns.push(reportedCampaign(node));
    if (page.unreadable.length > 0) account.reported.leftOut = leftOut(account, page.unreadable);
    account.after = page.pageInfo.endCursor;
    return page.pageInfo.hasNextPage;
  });
  return { incomplete, failed };
}

/**
 * Returns a report's accounts with all their campaigns; those that cannot be read have none, and say why. Throws
 * AccountsUnavailable, which names all of them, when the report is to fail for them.
 */
export async function readAccounts(context: ServiceContext, options: ReadOptions): Promise<ReportedAccount[]> {
  const { report, onProgress } = options;
  const clientIds = report.clientIds.length > 0 ? report.clientIds : null;
  const operation = { query: ACCOUNTS, variables: { clientIds } };
  const { organization } = await context.services.graph.query<AccountsAnswer>(operation, callerOf(report));
  await onProgress(0);
  const accounts = organization.accounts.map(
    ({ id, provider, ...account }): Reading => ({
      id,
      after: null,
      reported: {
        ...account,
        provider: provider.name,
        hasCampaigns: provider.products.includes('campaigns'),
        campaigns: [],
      },
    }),
  );
  const unread = [...accounts];
  const unavailableAccounts = new Map<string, UnavailableAccount>();
  while (unread.length > 0) {
    const { incomplete, failed } = await readPages(context, options, unread.splice(0, ACCOUNTS_PER_OPERATION));
    unread.push(...incomplete);
    for (const account of failed) unavailableAccounts.set(account.accountId, account);
    await onProgress(1 - unread.length / accounts.length);
  }
  if (unavailableAccounts.size > 0 && report.onUnavailable === 'FAIL') {
    throw new AccountsUnavailable([...unavailableAccounts.values()]);
  }
  return accounts.map(({ id, reported }) => {
    const found = unavailableAccounts.get(id);
    return found ? { ...reported, campaigns: [], unavailable: found } : reported;
  });
}
