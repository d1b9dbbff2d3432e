import { readFieldNames, readProjection } from './projection.js';
import { checkKind, type RestCall } from './rest-call.js';
import { checkNames } from './restli/query.js';
import { readChoice, readInteger } from './restli/read-value.js';
import { ACCOUNT, PERSON, urnOf } from './urns.js';
import { visibleAccounts } from './visible-accounts.js';

const DEFAULT_COUNT = 10;
const MAX = 1_000;

/** Answers GET /adAccountUsers?q=authenticatedUser: the caller's roles, paged with `start` and `count`. */
export function answerAdAccountUsers(call: RestCall): unknown {
  checkKind(call, 'finder');
  checkNames(call.query, ['q', 'start', 'count', 'fields'], ['q']);
  readChoice(call.query.get('q') ?? '', 'q', ['authenticatedUser']);
  const start = readInteger(call.query.get('start') ?? '0', 'start', 0, 1_000_000);
  const count = readInteger(call.query.get('count') ?? String(DEFAULT_COUNT), 'count', 1, MAX);
  const project = readProjection(call.query);
  const accounts = visibleAccounts(call);
  const user = urnOf(PERSON, call.caller.person.linkedinId);
  const elements = accounts
    .slice(start, start + count)
    .map(({ id }) => project({ account: urnOf(ACCOUNT, id), user, role: 'ACCOUNT_MANAGER' }));
  const fields = readFieldNames(call.query);
  const link = (rel: string, at: number) => ({
    type: 'application/json',
    rel,
    href: `/rest/adAccountUsers?q=authenticatedUser&start=${at}&count=${count}${fields ? `&fields=${fields}` : ''}`,
  });
  const links = [
    ...(start > 0 ? [link('prev', Math.max(0, start - count))] : []),
    ...(start + count < accounts.length ? [link('next', start + count)] : []),
  ];
  return { elements, paging: { start, count, total: accounts.length, links } };
}
