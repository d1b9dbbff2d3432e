import { EntitySchema } from 'typeorm';

/** A tenant: company, team or agency. */
export interface Organization {
  id: string;
  name: string;
  createdAt: Date;
  /** When it is due to be deleted; null = not requested. */
  deletionAt: Date | null;
  /** Since when it is closed and being erased. */
  closedAt: Date | null;
  requiresTwoFactor: boolean;
  /** IANA name. */
  timeZone: string;
}

export const OrganizationEntity = new EntitySchema<Organization>({
  name: 'Organization',
  tableName: 'organization',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    name: { type: 'text' },
    createdAt: { type: 'timestamptz', name: 'created_at', createDate: true },
    deletionAt: { type: 'timestamptz', name: 'deletion_at', nullable: true },
    closedAt: { type: 'timestamptz', name: 'closed_at', nullable: true },
    requiresTwoFactor: { type: 'boolean', name: 'requires_two_factor', default: false },
    timeZone: { type: 'text', name: 'time_zone', default: 'UTC' },
  },
});
