import { EntitySchema } from 'typeorm';
import type { MemberRight, Role } from '#runtime/identity/identity.js';

/** A person's role in an organization. */
export interface Membership {
  organizationId: string;
  personId: string;
  role: Role;
  /** What they may do besides. */
  rights: MemberRight[];
  /** The clients a VIEWER is limited to; null = not limited. */
  clientIds: string[] | null;
  createdAt: Date;
}

export const MembershipEntity = new EntitySchema<Membership>({
  name: 'Membership',
  tableName: 'membership',
  columns: {
    organizationId: { type: 'uuid', primary: true, name: 'organization_id' },
    personId: { type: 'uuid', primary: true, name: 'person_id' },
    role: { type: 'text' },
    rights: { type: 'text', array: true, default: [] },
    clientIds: { type: 'uuid', name: 'client_ids', array: true, nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at', createDate: true },
  },
});
