import type { Account } from '#simulator/data/campaign.js';
import { findGoogleAdsAccount, googleAdsAccounts, isManagedBy } from '#simulator/data/google-ads-accounts.js';
import type { Grant } from '#simulator/oauth/grants.js';
import type { WireRequest } from '#simulator/wire.js';
import { failure } from './errors.js';

const CUSTOMER_ID = /^\d{10}$/;

/** Returns the customers a person can access without a manager. */
export function listDirectCustomers(grant: Grant): Account[] {
  return googleAdsAccounts.filter((account) => account.directPeople.includes(grant.person));
}

/**
 * Returns the requested customer. Throws without access, directly or through the manager in login-customer-id:
 * https://developers.google.com/google-ads/api/docs/concepts/call-structure#cid
 */
export function getCustomer(id: string, request: WireRequest, grant: Grant, version: string): Account {
  const login = findLoginCustomer(request, grant, version);
  if (!CUSTOMER_ID.test(id)) {
    throw failure(version, 400, {
      group: 'requestError',
      code: 'INVALID_CUSTOMER_ID',
      message: `Invalid customer ID '${id}'.`,
      trigger: id,
    });
  }
  const customer = findGoogleAdsAccount(id);
  const isDirect = customer?.directPeople.includes(grant.person) ?? false;
  if (!customer || (!login && !isDirect)) throw permissionDenied(version);
  if (login && login !== customer && !isManagedBy(customer, login)) {
    throw failure(version, 403, {
      group: 'authorizationError',
      code: 'INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION',
      message:
        "The login customer cannot access the serving customer: the 'login-customer-id' header must name a manager above it.",
    });
  }
  if (customer.status !== 'ENABLED') {
    throw failure(version, 403, {
      group: 'authorizationError',
      code: 'CUSTOMER_NOT_ENABLED',
      message: "The customer account can't be accessed because it is not yet enabled or has been deactivated.",
    });
  }
  return customer;
}

function findLoginCustomer(request: WireRequest, grant: Grant, version: string): Account | undefined {
  const id = request.headers['login-customer-id'];
  if (id === undefined) return undefined;
  if (!CUSTOMER_ID.test(id)) {
    throw failure(version, 400, {
      group: 'headerError',
      code: 'INVALID_LOGIN_CUSTOMER_ID',
      message: 'The login customer ID header could not be validated: it must be digits only.',
      trigger: id,
    });
  }
  const login = findGoogleAdsAccount(id);
  if (!login?.directPeople.includes(grant.person)) throw permissionDenied(version);
  return login;
}

function permissionDenied(version: string) {
  return failure(version, 403, {
    group: 'authorizationError',
    code: 'USER_PERMISSION_DENIED',
    message:
      "User doesn't have permission to access customer. Note: If you're accessing a client customer, the manager's customer id must be set in the 'login-customer-id' header. See https://developers.google.com/google-ads/api/docs/concepts/call-structure#cid",
  });
}
