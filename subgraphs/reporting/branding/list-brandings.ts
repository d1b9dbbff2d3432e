import { IsNull } from 'typeorm';
import { z } from 'zod';
import { checkPageSize, type Page, type PageArguments, pageOf, readCursor } from '#kit/page.js';
import type { ServiceContext } from '#reporting/context.js';
import { type Branding, BrandingEntity } from '#reporting/entities/branding.js';

/** Returns a branding with nothing set. */
export const unsetBranding = (place: Pick<Branding, 'organizationId' | 'clientId'>): Branding => ({
  ...place,
  id: '',
  name: null,
  primaryColor: null,
  accentColor: null,
  footer: null,
  language: null,
  logoHash: null,
  version: 0,
  updatedAt: new Date(0),
});

/** Returns the branding of an organization. */
export async function getBranding(
  { database }: ServiceContext,
  { organizationId }: { organizationId: string },
): Promise<Branding> {
  const branding = await database.manager.findOneBy(BrandingEntity, { organizationId, clientId: IsNull() });
  return branding ?? unsetBranding({ organizationId, clientId: null });
}

const position = z.tuple([z.uuid()]);

/** Returns a page of the brandings of the clients the caller sees, in the order of their ids. */
export async function listClientBrandings(
  { database, identity }: ServiceContext,
  { organizationId, ...page }: { organizationId: string } & PageArguments,
): Promise<Page<Branding>> {
  checkPageSize(page.first);
  const query = database
    .createQueryBuilder(BrandingEntity, 'branding')
    .where('branding.organization_id = :organizationId AND branding.client_id IS NOT NULL', { organizationId })
    .orderBy('branding.client_id')
    .limit(page.first + 1);
  if (identity.clientIds) query.andWhere('branding.client_id = ANY (:seen::uuid[])', { seen: identity.clientIds });
  if (page.after) {
    const [after] = readCursor(position, page.after);
    query.andWhere('branding.client_id > :after', { after });
  }
  return pageOf(await query.getMany(), page, ({ clientId }) => [clientId]);
}
