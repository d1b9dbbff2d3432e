import { EntitySchema } from 'typeorm';

/** A company, team or agency: the tenant everything else belongs to. */
export interface Organization {
  id: string;
  name: string;
  createdAt: Date;
  /** When an owner's wish to delete it is carried out; null = nobody wishes that. */
  deletionAt: Date | null;
  /** Since when it has no members, sessions or keys any more, and is being erased; null until `deletionAt`. */
  closedAt: Date | null;
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
    deletionAt: { type: 'timestamptz', name: 'deletion_at', nullable: true },
    closedAt: { type: 'timestamptz', name: 'closed_at', nullable: true },
    requiresTwoFactor: { type: 'boolean', name: 'requires_two_factor', default: false },
  },
});
