import { chunk } from 'es-toolkit/array';
import { z } from 'zod';
import type { Context } from '#billing/context.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { isRowId } from '#runtime/database/database.js';
import { readEntitlement } from '#runtime/entitlements/entitlements.js';
import { keepInUse } from '#runtime/entitlements/keep-in-use.js';
import { type LimitName, limitOf } from '#runtime/entitlements/plans.js';
import { Forbidden, InvalidInput, NotFound, ServiceUnavailable } from '#runtime/errors.js';
import type { GraphRequestFailed } from '#runtime/http/graph-client.js';
import { parseInput } from '#runtime/parse-input.js';

const MAX_IDS = 1_000;
const IDS_PER_OPERATION = 50;

/** The field that reads one of what a limit bounds, by its id. */
const FIELDS = {
  CONNECTIONS: 'connection',
  ACCOUNTS: 'account',
  CLIENTS: 'client',
  SCHEDULES: 'reportSchedule',
} as const;

const NAMES: Record<keyof typeof FIELDS | 'MEMBERS', string> = {
  CONNECTIONS: 'connection',
  ACCOUNTS: 'account',
  CLIENTS: 'client',
  SCHEDULES: 'report schedule',
  MEMBERS: 'member',
};

type KeptLimit = keyof typeof NAMES;

const isKeptLimit = (limit: LimitName): limit is KeptLimit => limit in NAMES;

const input = z.object({
  ids: z
    .array(z.string())
    .max(MAX_IDS, `must name at most ${MAX_IDS}`)
    .transform((ids) => [...new Set(ids.map((id) => id.toLowerCase()))]),
});

/** Asks the graph, which has what other subgraphs own. Throws ServiceUnavailable when it does not answer. */
async function ask<Data>(
  { services, identity }: Context,
  organizationId: string,
  operation: { query: string; variables: Record<string, unknown> },
): Promise<{ data: Data; errors: GraphRequestFailed[] }> {
  const caller = { part: 'billing', organizationId, requestId: identity.requestId };
  const answer = await services.graph.queryPartly<Data>(operation, caller).catch((cause: unknown) => {
    throw new ServiceUnavailable({ cause });
  });
  const failure = answer.errors.find(({ code }) => code !== 'NOT_FOUND');
  if (failure) throw new ServiceUnavailable({ cause: failure });
  return answer;
}

const MEMBERS = /* GraphQL */ `
  query MembersToKeep($after: String) {
    organization {
      members(first: 1000, after: $after) {
        edges { node { role user { id } } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`;

interface MembersAnswer {
  organization: {
    members: {
      edges: { node: { role: string; user: { id: string } } }[];
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
    };
  };
}

async function requireMembers(context: Context, organizationId: string, ids: string[]): Promise<void> {
  const roles = new Map<string, string>();
  let after: string | null = null;
  do {
    const answer: { data: MembersAnswer } = await ask<MembersAnswer>(context, organizationId, {
      query: MEMBERS,
      variables: { after },
    });
    const { edges, pageInfo } = answer.data.organization.members;
    for (const { node } of edges) roles.set(node.user.id, node.role);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  if (!ids.every((id) => roles.has(id))) throw new NotFound(NAMES.MEMBERS);
  if (ids.some((id) => roles.get(id) === 'OWNER')) return;
  throw new InvalidInput([{ argument: 'ids', problem: 'must name an owner, too' }]);
}

/** Throws NotFound unless all ids are of what the organization has, alike for those of others. */
async function requireOwn(
  context: Context,
  { organizationId, limit, ids }: { organizationId: string; limit: KeptLimit; ids: string[] },
): Promise<void> {
  if (!ids.every(isRowId)) throw new NotFound(NAMES[limit]);
  if (ids.length === 0) return;
  if (limit === 'MEMBERS') return requireMembers(context, organizationId, ids);
  const field = FIELDS[limit];
  for (const some of chunk(ids, IDS_PER_OPERATION)) {
    const query = `query ToKeep(${some.map((_, index) => `$id${index}: ID!`).join(', ')}) {
      ${some.map((_, index) => `found${index}: ${field}(id: $id${index}) { id }`).join('\n')} }`;
    const variables = Object.fromEntries(some.map((id, index) => [`id${index}`, id]));
    const { data } = await ask<Record<string, { id: string } | null>>(context, organizationId, { query, variables });
    if (some.some((_, index) => !data[`found${index}`])) throw new NotFound(NAMES[limit]);
  }
}

/** What stays in use, of what a limit bounds. */
export interface KeptItems {
  limit: LimitName;
  keptIds: string[];
}

/**
 * Chooses what stays in use where the organization has more than its plan allows; none = the oldest. Throws InvalidInput for more than the
 * plan allows and for members without an owner, NotFound for what the organization does not have, ServiceUnavailable while that cannot be
 * checked.
 */
export async function keepWithinPlan(
  context: Context,
  { limit, ...given }: { limit: LimitName; ids: string[] },
): Promise<KeptItems> {
  const { services, database, identity } = context;
  const { organizationId } = identity;
  if (!organizationId) throw new Forbidden();
  if (!isKeptLimit(limit)) {
    const problem = `must be one of ${Object.keys(NAMES).join(', ')}: of ${limit} nothing is kept`;
    throw new InvalidInput([{ argument: 'limit', problem }]);
  }
  const { ids } = parseInput(input, given);
  const { planId } = await services.entitlements.of(organizationId);
  const allowed = limitOf(planId, limit);
  if (allowed !== null && ids.length > allowed) {
    throw new InvalidInput([{ argument: 'ids', problem: `must name at most ${allowed}, as many as the plan allows` }]);
  }
  await requireOwn(context, { organizationId, limit, ids });
  await database.transaction(async (manager) => {
    const before = await readEntitlement(manager, { organizationId });
    await keepInUse(manager, { organizationId, limit, ids, now: services.now() });
    await recordAudit(manager, identity, {
      organizationId,
      action: 'plan.kept',
      target: { type: 'Organization', id: organizationId },
      before: { limit, ids: before?.kept[limit] ?? [] },
      after: { limit, ids },
    });
  });
  services.entitlements.forget(organizationId);
  return { limit, keptIds: ids };
}
