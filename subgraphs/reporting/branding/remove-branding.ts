import { pick } from 'es-toolkit/object';
import { IsNull } from 'typeorm';
import type { ServiceContext } from '#reporting/context.js';
import { BrandingEntity } from '#reporting/entities/branding.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { NotFound } from '#runtime/errors.js';
import { type BrandingOf, brandingPlace, brandingTarget } from './change-branding.js';

const FIELDS = ['name', 'primaryColor', 'accentColor', 'footer', 'language', 'logoHash'] as const;

/** Takes a branding away, also of a client that is gone. Throws NotFound where a client has none. */
export async function removeBranding(context: ServiceContext, { clientId }: BrandingOf): Promise<void> {
  const place = brandingPlace(context, { clientId });
  const { organizationId } = place;
  await context.database.transaction(async (manager) => {
    const where = { organizationId, clientId: place.clientId ?? IsNull() };
    const branding = await manager.findOne(BrandingEntity, { where, lock: { mode: 'pessimistic_write' } });
    if (!branding && place.clientId) throw new NotFound('branding of a client');
    if (branding) await manager.delete(BrandingEntity, { id: branding.id, organizationId });
    await recordAudit(manager, context.identity, {
      organizationId,
      action: 'branding.removed',
      target: brandingTarget(place),
      before: branding ? pick(branding, FIELDS) : {},
    });
  });
}

/** Takes away the branding of a client that was deleted, for which the deletion is recorded already. Idempotent. */
export async function dropClientBranding(
  { database }: Pick<ServiceContext, 'database'>,
  { organizationId, clientId }: { organizationId: string; clientId: string },
): Promise<void> {
  await database.manager.delete(BrandingEntity, { organizationId, clientId });
}
