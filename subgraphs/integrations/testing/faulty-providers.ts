import type { FaultCode } from '#integrations/faults/fault-code.js';
import type { Stage } from './open-stage.js';
import type { Fault } from './simulated-providers.js';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** A fault at or on the way to a provider, and the state of the connection it must lead to. */
export interface FaultyProvider {
  fault: string;
  providerId: string;
  break(stage: Stage): unknown;
  /** Settings of our process that cause the fault. */
  environment?: (stage: Stage) => Record<string, string>;
  /** Whether our process has neither credentials nor a simulator for the provider. */
  isNotConfigured?: boolean;
  /** Rather than its figures read. */
  isChecked?: boolean;
  status: 'ACTIVE' | 'FAILING' | 'RECONNECT_REQUIRED';
  code: FaultCode | null;
}

const OFTEN = 60;

const answers =
  (provider: Fault['provider'], status: number, more: Partial<Fault> = {}) =>
  ({ simulated }: Stage) =>
    simulated.breakNext({ provider, kind: 'status', status, times: OFTEN, ...more });

const breaks =
  (provider: Fault['provider'], kind: Fault['kind'], more: Partial<Fault> = {}) =>
  ({ simulated }: Stage) =>
    simulated.breakNext({ provider, kind, times: OFTEN, ...more });

const nothing = () => {};

const adsFailure = (group: string, code: string) => [
  {
    error: {
      code: 403,
      message: 'The caller does not have permission',
      status: 'PERMISSION_DENIED',
      details: [
        {
          '@type': 'type.googleapis.com/google.ads.googleads.v25.errors.GoogleAdsFailure',
          errors: [{ errorCode: { [group]: code }, message: 'No.' }],
          requestId: 'made-up',
        },
      ],
    },
  },
];

const googleReason = (reason: string) => ({
  error: {
    code: 403,
    message: 'Request had insufficient authentication scopes.',
    status: 'PERMISSION_DENIED',
    details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com' }],
  },
});

const metaError = (code: number, error_subcode?: number) => ({
  error: { message: `(#${code}) No`, type: 'OAuthException', code, error_subcode, fbtrace_id: 'made-up' },
});

const revoked =
  (provider: string, seconds = 0) =>
  async (stage: Stage) => {
    await stage.simulated.revokeGrants({ person: 'nora', provider });
    stage.clock.advanceSeconds(seconds);
  };

const later =
  (seconds: number) =>
  ({ clock }: Stage) =>
    clock.advanceSeconds(seconds);

const anHourAhead = { date: new Date(Date.now() + HOUR * 1000).toUTCString() };

/** Every fault at providers at which it can happen. */
export const faultyProviders: FaultyProvider[] = [
  { fault: 'access token expired', providerId: 'google-ads', break: later(HOUR), status: 'ACTIVE', code: null },
  { fault: 'access token expired', providerId: 'x', break: later(3 * HOUR), status: 'ACTIVE', code: null },
  {
    fault: 'access expired for good',
    providerId: 'meta-ads',
    break: later(61 * DAY),
    status: 'RECONNECT_REQUIRED',
    code: 'TOKEN_EXPIRED',
  },
  {
    fault: 'consent withdrawn',
    providerId: 'google-ads',
    break: revoked('google', HOUR),
    status: 'RECONNECT_REQUIRED',
    code: 'TOKEN_REVOKED',
  },
  {
    fault: 'consent withdrawn',
    providerId: 'meta-ads',
    break: revoked('meta'),
    status: 'RECONNECT_REQUIRED',
    code: 'TOKEN_REVOKED',
  },
  {
    fault: 'consent withdrawn',
    providerId: 'linkedin-ads',
    break: revoked('linkedin'),
    status: 'RECONNECT_REQUIRED',
    code: 'TOKEN_REVOKED',
  },
  {
    fault: 'consent withdrawn',
    providerId: 'x',
    break: revoked('x'),
    status: 'RECONNECT_REQUIRED',
    code: 'TOKEN_REVOKED',
  },
  {
    fault: 'permission taken back',
    providerId: 'google-analytics',
    break: answers('google-analytics', 403, { body: googleReason('ACCESS_TOKEN_SCOPE_INSUFFICIENT') }),
    status: 'RECONNECT_REQUIRED',
    code: 'SCOPE_MISSING',
  },
  {
    fault: 'permission taken back',
    providerId: 'meta-ads',
    break: answers('meta', 403, { body: metaError(200) }),
    isChecked: true,
    status: 'RECONNECT_REQUIRED',
    code: 'SCOPE_MISSING',
  },
  {
    fault: 'permission taken back',
    providerId: 'linkedin-ads',
    break: answers('linkedin', 403),
    isChecked: true,
    status: 'RECONNECT_REQUIRED',
    code: 'SCOPE_MISSING',
  },
  {
    fault: 'quota exhausted',
    providerId: 'google-ads',
    break: answers('google-ads', 429),
    status: 'FAILING',
    code: 'QUOTA_EXHAUSTED',
  },
  {
    fault: 'quota exhausted',
    providerId: 'meta-ads',
    break: answers('meta', 400, { body: metaError(80004, 2446079) }),
    status: 'FAILING',
    code: 'QUOTA_EXHAUSTED',
  },
  {
    fault: 'quota exhausted',
    providerId: 'linkedin-ads',
    break: answers('linkedin', 429),
    status: 'FAILING',
    code: 'QUOTA_EXHAUSTED',
  },
  { fault: 'quota exhausted', providerId: 'x', break: answers('x', 429), status: 'FAILING', code: 'QUOTA_EXHAUSTED' },
  {
    fault: 'API version gone',
    providerId: 'google-ads',
    break: nothing,
    environment: () => ({ GOOGLE_ADS_VERSION: 'v22' }),
    status: 'FAILING',
    code: 'API_VERSION_RETIRED',
  },
  {
    fault: 'API version gone',
    providerId: 'meta-ads',
    break: nothing,
    environment: () => ({ META_VERSION: 'v20.0' }),
    status: 'FAILING',
    code: 'API_VERSION_RETIRED',
  },
  {
    fault: 'API version gone',
    providerId: 'linkedin-ads',
    break: nothing,
    environment: () => ({ LINKEDIN_VERSION: '202401' }),
    status: 'FAILING',
    code: 'API_VERSION_RETIRED',
  },
  {
    fault: 'our clock is wrong',
    providerId: 'google-ads',
    break: answers('google-ads', 401, { headers: anHourAhead }),
    status: 'FAILING',
    code: 'CLOCK_SKEW',
  },
  {
    fault: 'our clock is wrong',
    providerId: 'linkedin-ads',
    break: answers('linkedin', 401, { headers: anHourAhead }),
    status: 'FAILING',
    code: 'CLOCK_SKEW',
  },
  {
    fault: 'address not found (DNS)',
    providerId: 'google-ads',
    break: nothing,
    environment: () => ({ GOOGLE_ADS_BASE: 'http://googleads.invalid' }),
    status: 'FAILING',
    code: 'DNS_FAILURE',
  },
  {
    fault: 'no secure connection (TLS)',
    providerId: 'search-console',
    break: nothing,
    environment: ({ simulated }) => ({ GSC_BASE: simulated.url.replace('http:', 'https:') }),
    status: 'FAILING',
    code: 'TLS_FAILURE',
  },
  {
    fault: 'no answer in time',
    providerId: 'google-ads',
    break: breaks('google-ads', 'hang'),
    environment: () => ({ PROVIDER_TIMEOUT_MS: '500' }),
    status: 'FAILING',
    code: 'TIMEOUT',
  },
  {
    fault: 'connection refused',
    providerId: 'x',
    break: nothing,
    environment: () => ({ X_API_BASE: 'http://127.0.0.1:1' }),
    status: 'FAILING',
    code: 'CONNECTION_FAILED',
  },
  {
    fault: 'connection reset',
    providerId: 'google-ads',
    break: breaks('google-ads', 'reset'),
    status: 'FAILING',
    code: 'CONNECTION_FAILED',
  },
  {
    fault: 'server error',
    providerId: 'google-ads',
    break: answers('google-ads', 503),
    status: 'FAILING',
    code: 'PROVIDER_ERROR',
  },
  { fault: 'server error', providerId: 'x', break: answers('x', 500), status: 'FAILING', code: 'PROVIDER_ERROR' },
  {
    fault: 'a web page for an answer',
    providerId: 'google-analytics',
    break: breaks('google-analytics', 'html', { status: 200 }),
    status: 'FAILING',
    code: 'MALFORMED_ANSWER',
  },
  {
    fault: 'a part of an answer',
    providerId: 'meta-ads',
    break: breaks('meta', 'garbage'),
    status: 'FAILING',
    code: 'MALFORMED_ANSWER',
  },
  {
    fault: 'values of another type',
    providerId: 'linkedin-ads',
    break: answers('linkedin', 200, { body: { elements: 'none' } }),
    status: 'FAILING',
    code: 'MALFORMED_ANSWER',
  },
  {
    fault: 'account closed',
    providerId: 'google-ads',
    break: answers('google-ads', 403, { body: adsFailure('authorizationError', 'CUSTOMER_NOT_ENABLED') }),
    status: 'FAILING',
    code: 'ACCOUNT_CLOSED',
  },
  {
    fault: 'account suspended',
    providerId: 'x',
    break: answers('x', 403, {
      body: {
        title: 'Forbidden',
        type: 'about:blank',
        status: 403,
        detail: 'Your account is suspended and is not permitted to access this feature.',
      },
    }),
    status: 'FAILING',
    code: 'ACCOUNT_CLOSED',
  },
  {
    fault: 'property without access',
    providerId: 'google-analytics',
    break: answers('google-analytics', 403),
    status: 'FAILING',
    code: 'ACCESS_DENIED',
  },
  {
    fault: 'site without access',
    providerId: 'search-console',
    break: answers('search-console', 403),
    status: 'FAILING',
    code: 'ACCESS_DENIED',
  },
  {
    fault: 'our request rejected',
    providerId: 'google-ads',
    break: answers('google-ads', 400),
    status: 'FAILING',
    code: 'REQUEST_REJECTED',
  },
  {
    fault: 'our request rejected',
    providerId: 'google-analytics',
    break: answers('google-analytics', 400),
    // A 400 of a report concerns the dimensions and metrics of the caller.
    isChecked: true,
    status: 'FAILING',
    code: 'REQUEST_REJECTED',
  },
  {
    fault: 'our request rejected',
    providerId: 'search-console',
    break: answers('search-console', 400),
    status: 'FAILING',
    code: 'REQUEST_REJECTED',
  },
  {
    fault: 'our request rejected',
    providerId: 'business-profile',
    break: answers('business-profile', 400),
    status: 'FAILING',
    code: 'REQUEST_REJECTED',
  },
  {
    fault: 'our request rejected',
    providerId: 'meta-ads',
    break: answers('meta', 400),
    status: 'FAILING',
    code: 'REQUEST_REJECTED',
  },
  {
    fault: 'our request rejected',
    providerId: 'linkedin-ads',
    break: answers('linkedin', 400),
    status: 'FAILING',
    code: 'REQUEST_REJECTED',
  },
  {
    fault: 'our request rejected',
    providerId: 'x',
    break: answers('x', 400),
    status: 'FAILING',
    code: 'REQUEST_REJECTED',
  },
  ...['google-ads', 'search-console', 'meta-ads', 'linkedin-ads', 'x'].map((providerId) => ({
    fault: 'credentials taken away',
    providerId,
    break: nothing,
    isNotConfigured: true,
    status: 'FAILING' as const,
    code: 'NOT_CONFIGURED' as const,
  })),
  {
    fault: 'installation not admitted',
    providerId: 'google-ads',
    break: answers('google-ads', 403, { body: adsFailure('authorizationError', 'DEVELOPER_TOKEN_NOT_APPROVED') }),
    status: 'FAILING',
    code: 'CLIENT_REJECTED',
  },
  {
    fault: 'installation not admitted',
    providerId: 'business-profile',
    break: answers('business-profile', 403, { body: googleReason('SERVICE_DISABLED') }),
    status: 'FAILING',
    code: 'CLIENT_REJECTED',
  },
];
