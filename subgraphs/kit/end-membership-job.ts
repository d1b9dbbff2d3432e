/** The job that ends what belongs to a person in an organization they have left. */
export const END_MEMBERSHIP = 'integrations.end-membership';

export interface EndedMembership {
  /** Organization and person. */
  key: string;
  organizationId: string;
  userId: string;
}
