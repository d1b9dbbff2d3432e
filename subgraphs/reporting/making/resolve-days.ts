import type { ServiceContext } from '#reporting/context.js';
import type { Days } from '#reporting/dataset/dataset.js';
import type { Comparison } from '#reporting/entities/report.js';
import { AppError, type ErrorCode, ServiceUnavailable } from '#runtime/errors.js';
import { GraphRequestFailed } from '#runtime/http/graph-client.js';
import { isUnavailable } from '#runtime/jobs/jobs.js';
import { callerFor, operationText } from './graph.js';

/** The days of a report, as they are ordered. */
export interface OrderedDays {
  period?: string | null;
  range?: Days | null;
  compareTo?: Comparison | null;
  compareRange?: Days | null;
}

/** The days of a report, and whose they are. */
export interface ResolvedDays {
  organization: string;
  timeZone: string;
  range: Days;
  compared: Days | null;
  /** How the graph derives the compared days from the range alone; null when it cannot. */
  compareTo: Comparison | null;
}

interface Answer {
  organization: { name: string; timeZone: string; figureDays: { range: Days; compared: Days | null } | null } | null;
}

async function ask({ services }: ServiceContext, organizationId: string, variables: OrderedDays) {
  const operation = { query: operationText('ResolveReportDays'), variables: { ...variables } };
  try {
    const { organization } = await services.graph.query<Answer>(operation, callerFor(organizationId, 'report-order'));
    if (!organization?.figureDays) throw new GraphRequestFailed('There are no days.', 'SUBGRAPH_UNAVAILABLE');
    return { ...organization, ...organization.figureDays };
  } catch (error) {
    if (isUnavailable(error)) throw new ServiceUnavailable({ cause: error });
    if (error instanceof GraphRequestFailed && error.code === 'BAD_USER_INPUT') {
      throw new AppError(error.message, error.code as ErrorCode, { cause: error });
    }
    throw error;
  }
}

const areEqual = (one: Days | null, other: Days | null) => one?.start === other?.start && one?.end === other?.end;

/**
 * Returns the days of a report as the graph has them now: those of a period begin and end in the organization's time zone. Throws
 * InvalidInput's code for days the graph refuses, and ServiceUnavailable when it does not answer.
 */
export async function resolveDays(
  context: ServiceContext,
  { organizationId, ...days }: OrderedDays & { organizationId: string },
): Promise<ResolvedDays> {
  const { name: organization, timeZone, range, compared } = await ask(context, organizationId, days);
  const resolved = { organization, timeZone, range, compared };
  const { period, compareTo = null } = days;
  if (!compareTo || !period) return { ...resolved, compareTo };
  // Some periods are compared otherwise than their days are.
  const byRange = await ask(context, organizationId, { range, compareTo });
  return { ...resolved, compareTo: areEqual(byRange.compared, compared) ? compareTo : null };
}
