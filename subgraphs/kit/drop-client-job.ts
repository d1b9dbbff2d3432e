/** The job that takes a deleted client out of the limits of members and invitations. */
export const DROP_CLIENT = 'auth.drop-client';

export interface DroppedClient {
  /** The client. */
  key: string;
  organizationId: string;
}
