import { type EntityManager, IsNull } from 'typeorm';
import type { ServiceContext } from '#reporting/context.js';
import { type Branding, BrandingEntity } from '#reporting/entities/branding.js';
import { callerFor, operationText } from '#reporting/making/graph.js';
import { isRowId } from '#runtime/database/database.js';
import { NotFound, ServiceUnavailable, Unauthenticated } from '#runtime/errors.js';
import { GraphRequestFailed } from '#runtime/http/graph-client.js';

/** Whose branding it is: of a client, or of the organization. */
export interface BrandingOf {
  clientId?: string | null;
}

/** Returns where the branding is, for the caller's organization. Throws NotFound for what is no id. */
export function brandingPlace({ identity }: Pick<ServiceContext, 'identity'>, { clientId }: BrandingOf) {
  const { organizationId } = identity;
  if (!organizationId) throw new Unauthenticated();
  if (clientId == null) return { organizationId, clientId: null };
  if (!isRowId(clientId)) throw new NotFound('client');
  return { organizationId, clientId: clientId.toLowerCase() };
}

/** What the audit trail names as changed. */
export const brandingTarget = ({ organizationId, clientId }: Pick<Branding, 'organizationId' | 'clientId'>) =>
  clientId ? { type: 'Client', id: clientId } : { type: 'Organization', id: organizationId };

/** Throws NotFound for a client the organization does not have, and ServiceUnavailable while that cannot be found out. */
async function requireClient(
  { services, identity }: ServiceContext,
  organizationId: string,
  id: string,
): Promise<void> {
  try {
    const operation = { query: operationText('GetClient'), variables: { id } };
    const caller = callerFor(organizationId, identity.requestId ?? '');
    const { client } = await services.graph.query<{ client: { id: string } | null }>(operation, caller);
    if (!client) throw new NotFound('client');
  } catch (error) {
    if (error instanceof NotFound) throw error;
    if (error instanceof GraphRequestFailed && error.code === 'NOT_FOUND') throw new NotFound('client');
    throw new ServiceUnavailable({ cause: error });
  }
}

/** Changes a branding, locked, in a transaction; one with nothing set is made where there is none. Throws NotFound. */
export async function changeBranding(
  context: ServiceContext,
  { clientId, change }: BrandingOf & { change(manager: EntityManager, branding: Branding): Promise<Branding> },
): Promise<Branding> {
  const { database, services } = context;
  const place = brandingPlace(context, { clientId });
  if (place.clientId) await requireClient(context, place.organizationId, place.clientId);
  return database.transaction(async (manager) => {
    await manager.query(
      `INSERT INTO reporting.branding (organization_id, client_id, version, updated_at) VALUES ($1, $2, 0, $3)
       ON CONFLICT DO NOTHING`,
      [place.organizationId, place.clientId, services.now()],
    );
    const where = { organizationId: place.organizationId, clientId: place.clientId ?? IsNull() };
    const branding = await manager.findOneOrFail(BrandingEntity, { where, lock: { mode: 'pessimistic_write' } });
    return change(manager, branding);
  });
}
