/** The audience of access tokens: nothing but the gateway takes them. */
export const ACCESS_TOKEN_AUDIENCE = 'webmetrics-api';

/**
 * What an access token says, as the auth subgraph writes it and the gateway reads it. Role and organization are not in
 * it: they are read from the session when the token is used.
 */
export interface AccessTokenClaims {
  /** The person's id. */
  sub: string;
  /** The session's id. */
  sid: string;
}
