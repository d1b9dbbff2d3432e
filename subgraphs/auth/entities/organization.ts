import { EntitySchema } from 'typeorm';

/** A company, team or agency: the tenant everything else belongs to. */
export interface Organization {
  id: string;
  name: string;
  createdAt: Date;
  /** Whether its members must have a second factor. */
  requiresTwoFactor: boolean;
}

export const OrganizationEntity = new EntitySchema<Organization>({
  name: 'Organization',
  tableName: 'organization',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    name: { type: 'text' },
    createdAt: { type: 'timestamptz', name: 'created_at', createDate: true },
    requiresTwoFactor: { type: 'boolean', name: 'requires_two_factor', default: false },
  },
});
