import { IsNull } from 'typeorm';
import type { ServiceContext } from '#reporting/context.js';
import { type Branding, BrandingEntity, type BrandingLogo, BrandingLogoEntity } from '#reporting/entities/branding.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { InvalidInput } from '#runtime/errors.js';
import { type BrandingOf, brandingPlace, brandingTarget, changeBranding } from './change-branding.js';
import { type DecodedLogo, decodeLogo } from './logo/decode-logo.js';

/** Replaces the logo of a branding; null takes it away. The audit trail has the hashes of pictures, not the pictures. */
function replaceLogo(
  context: ServiceContext,
  { clientId, logo }: BrandingOf & { logo: DecodedLogo | null },
): Promise<Branding> {
  return changeBranding(context, {
    clientId,
    change: async (manager, branding) => {
      const { id, organizationId } = branding;
      const changed: Branding = {
        ...branding,
        logoHash: logo?.hash ?? null,
        version: branding.version + 1,
        updatedAt: context.services.now(),
      };
      if (logo) await manager.upsert(BrandingLogoEntity, { ...logo, brandingId: id, organizationId }, ['brandingId']);
      else await manager.delete(BrandingLogoEntity, { brandingId: id, organizationId });
      await manager.update(BrandingEntity, { id, organizationId }, changed);
      await recordAudit(manager, context.identity, {
        organizationId,
        action: logo ? 'logo.uploaded' : 'logo.removed',
        target: brandingTarget(branding),
        before: { logo: branding.logoHash },
        after: { logo: changed.logoHash },
      });
      return changed;
    },
  });
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Stores a picture in base64 as logo, drawn anew as PNG. Throws InvalidInput for any but PNG, JPEG and SVG, and as `changeBranding`. */
export async function uploadLogo(
  context: ServiceContext,
  { clientId, picture }: BrandingOf & { picture: string },
): Promise<Branding> {
  if (!BASE64.test(picture)) throw new InvalidInput([{ argument: 'picture', problem: 'must be in base64' }]);
  const logo = await decodeLogo(Buffer.from(picture, 'base64'), { argument: 'picture' });
  return replaceLogo(context, { clientId, logo });
}

/** Takes a logo away. Throws as `changeBranding`. */
export function removeLogo(context: ServiceContext, { clientId }: BrandingOf): Promise<Branding> {
  return replaceLogo(context, { clientId, logo: null });
}

/** Returns the logo of the organization, or of a client that the caller sees; null without one. */
export async function openLogo(
  context: ServiceContext,
  { clientId }: BrandingOf,
): Promise<(BrandingLogo & Pick<Branding, 'clientId'>) | null> {
  const place = brandingPlace(context, { clientId });
  const { clientIds } = context.identity;
  if (place.clientId && clientIds && !clientIds.includes(place.clientId)) return null;
  const where = { organizationId: place.organizationId, clientId: place.clientId ?? IsNull() };
  const branding = await context.database.manager.findOneBy(BrandingEntity, where);
  const logo = branding && (await findLogo(context, branding));
  return logo && { ...logo, clientId: place.clientId };
}

/** Returns the logo of a branding; null without one. */
export function findLogo(
  { database }: Pick<ServiceContext, 'database'>,
  branding: Branding,
): Promise<BrandingLogo | null> {
  const { id: brandingId, organizationId, logoHash } = branding;
  if (!logoHash) return Promise.resolve(null);
  return database.manager.findOneBy(BrandingLogoEntity, { brandingId, organizationId });
}
