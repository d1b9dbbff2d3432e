import { type BusinessAccount, businessAccounts } from '#simulator/data/business-locations.js';
import { GoogleError, invalidArgument } from '#simulator/google/errors.js';
import { pageOf } from '#simulator/google/page.js';
import { readPageSize } from '#simulator/google/read-query.js';
import type { Grant } from '#simulator/oauth/grants.js';
import type { WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';

const TYPES = ['PERSONAL', 'LOCATION_GROUP', 'USER_GROUP', 'ORGANIZATION'];

/** Returns one page of the person's accounts. */
export function listAccounts(request: WireRequest, { person }: Grant, { settings }: World) {
  const requested = readPageSize(request, { standard: 20, max: 20 });
  const [type, parent] = [readType(request), request.query.get('parentAccount') ?? ''];
  // No simulated account has child accounts.
  const accounts = parent
    ? []
    : businessAccounts.filter((account) => account.people.includes(person) && (type ?? account.type) === account.type);
  const size = Math.min(requested, settings.businessProfileAccountsPerPage);
  const { page, nextPageToken } = pageOf(`accounts ${person} ${type}`, accounts, size, request.query.get('pageToken'));
  return {
    ...(page.length > 0 && { accounts: page.map(printAccount) }),
    ...(nextPageToken && { nextPageToken }),
  };
}

/** Returns one account; throws without access. */
export function getAccount(id: string, { person }: Grant) {
  const account = businessAccounts.find((one) => one.id === id);
  if (!account) throw new GoogleError(404);
  if (!account.people.includes(person)) throw new GoogleError(403);
  return printAccount(account);
}

function readType(request: WireRequest): string | undefined {
  const filter = request.query.get('filter');
  if (!filter) return undefined;
  const type = /^type="?(\w+)"?$/.exec(filter)?.[1];
  if (type === undefined || !TYPES.includes(type)) throw invalidArgument(`Invalid filter: ${filter}`);
  return type;
}

function printAccount({ id, name, type, role }: BusinessAccount) {
  return {
    name: `accounts/${id}`,
    accountName: name,
    type,
    role,
    verificationState: 'UNVERIFIED',
    vettedState: 'NOT_VETTED',
    permissionLevel: role === 'MANAGER' ? 'MEMBER_LEVEL' : 'OWNER_LEVEL',
  };
}
