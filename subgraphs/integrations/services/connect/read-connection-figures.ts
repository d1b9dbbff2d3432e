import type { Context } from '#integrations/context.js';
import { type FaultCode, faultKinds, remedyOf } from '#integrations/faults/fault-code.js';
import type { ConnectionFigures } from '#runtime/telemetry/observe-connections.js';

/** Of faults that no member can mend: those of the provider, of the network and of the installation. */
const codes = (Object.keys(faultKinds) as FaultCode[]).filter((code) =>
  ['WAIT', 'ASK_OPERATOR'].includes(remedyOf(code)),
);

/** A token is renewed before it ends, and at every attempt after that. */
const OVERDUE_MS = 5 * 60 * 1000;

interface Row {
  provider: string;
  status: string;
  connections: number;
  organizations: number;
  failing: number;
  overdue: number;
}

/** Returns the connections of all organizations, by provider. */
export async function readConnectionFigures({ database, services }: Context): Promise<ConnectionFigures[]> {
  const rows = await database.query<Row[]>(
    `SELECT provider_id AS provider, status, count(*)::int AS connections,
       count(DISTINCT organization_id)::int AS organizations,
       count(DISTINCT organization_id) FILTER (WHERE fault->>'code' = ANY ($1))::int AS failing,
       count(*) FILTER (WHERE expires_at < $2)::int AS overdue
     FROM integrations.connection GROUP BY provider_id, status ORDER BY provider_id, status`,
    [codes, new Date(services.now().getTime() - OVERDUE_MS)],
  );
  const providers = [...new Set(rows.map(({ provider }) => provider))];
  return providers.map((provider) => {
    const own = rows.filter((row) => row.provider === provider);
    const active = own.find(({ status }) => status === 'ACTIVE');
    return {
      provider,
      byStatus: Object.fromEntries(own.map(({ status, connections }) => [status, connections])),
      organizations: active?.organizations ?? 0,
      failingOrganizations: active?.failing ?? 0,
      overdueTokens: active?.overdue ?? 0,
    };
  });
}
