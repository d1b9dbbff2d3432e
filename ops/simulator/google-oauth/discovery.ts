import type { WireAnswer, WireRequest } from '#simulator/wire.js';

/**
 * Answers GET /.well-known/openid-configuration, from which OpenID libraries learn the other addresses. The issuer is
 * Google's own, as in every id token. https://developers.google.com/identity/openid-connect/openid-connect#discovery
 */
export function answerDiscovery({ base, host }: WireRequest): WireAnswer {
  const at = (otherHost: string, path: string) => `${base.replace(host, otherHost)}${path}`;
  return {
    status: 200,
    body: {
      issuer: 'https://accounts.google.com',
      authorization_endpoint: at('accounts.google.com', '/o/oauth2/v2/auth'),
      token_endpoint: at('oauth2.googleapis.com', '/token'),
      revocation_endpoint: at('oauth2.googleapis.com', '/revoke'),
      jwks_uri: at('www.googleapis.com', '/oauth2/v3/certs'),
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid', 'email', 'profile'],
      token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      code_challenge_methods_supported: ['plain', 'S256'],
    },
  };
}
