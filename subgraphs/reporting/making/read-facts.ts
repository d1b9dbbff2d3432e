import type { ServiceContext } from '#reporting/context.js';
import type { Report } from '#reporting/entities/report.js';
import type { Caller } from '#runtime/http/graph-client.js';
import { operationText } from './graph.js';

/** What pages of a report say besides figures. */
export interface ReportFacts {
  organization: string;
  /** The names of the clients it is limited to. */
  clients: string[];
  /** Names of providers by account id. */
  providers: ReadonlyMap<string, string>;
}

const CLIENTS_AT_ONCE = 5;

/** Returns what pages of a report say of its organization. Throws GraphRequestFailed, NOT_FOUND for a client that was removed. */
export async function readFacts(
  { services }: ServiceContext,
  { report, caller }: { report: Report; caller: Caller },
): Promise<ReportFacts> {
  const { clientIds, rangeStart: start, rangeEnd: end } = report;
  const ask = <Data>(name: string, variables: Record<string, unknown>) =>
    services.graph.query<Data>({ query: operationText(name), variables }, caller);
  const [{ organization }, listed] = await Promise.all([
    ask<{ organization: { name: string } }>('ResolveReportDays', { range: { start, end } }),
    ask<{ organization: { accounts: { id: string; provider: { name: string } }[] } }>('ListAccounts', {
      clientIds: clientIds.length > 0 ? clientIds : null,
    }),
  ]);
  const clients: string[] = [];
  for (let index = 0; index < clientIds.length; index += CLIENTS_AT_ONCE) {
    const batch = clientIds.slice(index, index + CLIENTS_AT_ONCE);
    const found = await Promise.all(batch.map((id) => ask<{ client: { name: string } }>('GetClient', { id })));
    clients.push(...found.map(({ client }) => client.name));
  }
  const { accounts } = listed.organization;
  return {
    organization: organization.name,
    clients,
    providers: new Map(accounts.map(({ id, provider }) => [id, provider.name])),
  };
}
