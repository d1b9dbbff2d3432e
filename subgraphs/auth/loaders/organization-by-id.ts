import DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';
import { type Organization, OrganizationEntity } from '#auth/entities/organization.js';

/** Loads the organization the request works in; any other is null, as if it did not exist. */
export function organizationById(
  database: DataSource,
  organizationId: string | undefined,
): DataLoader<string, Organization | null> {
  return new DataLoader(async (ids) => {
    const own = organizationId ? await database.manager.findOneBy(OrganizationEntity, { id: organizationId }) : null;
    return ids.map((id) => (id === own?.id ? own : null));
  });
}
