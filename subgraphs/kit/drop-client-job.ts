/** The job that takes a deleted client out of the limits of members and invitations. */
export const DROP_CLIENT = 'auth.drop-client';

/** The job that takes away how reports of a deleted client look. */
export const DROP_CLIENT_BRANDING = 'reporting.drop-client-branding';

export interface DroppedClient {
  /** The client. */
  key: string;
  organizationId: string;
}
