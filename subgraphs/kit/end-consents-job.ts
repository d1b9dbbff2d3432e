/** The job that ends a person's pending consents when they lose the right to connect providers. */
export const END_CONSENTS = 'integrations.end-consents';

export interface EndedRight {
  /** Organization and person. */
  key: string;
  organizationId: string;
  userId: string;
}
