import DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';
import { type Organization, OrganizationEntity } from '#auth/entities/organization.js';

/** Loads the identity's organization; any other is null. */
export function organizationById(
  database: DataSource,
  organizationId: string | undefined,
): DataLoader<string, Organization | null> {
  return new DataLoader(async (ids) => {
    const own = organizationId ? await database.manager.findOneBy(OrganizationEntity, { id: organizationId }) : null;
    return ids.map((id) => (id === own?.id ? own : null));
  });
}
