import { createHash, randomBytes } from 'node:crypto';
import type { Account } from '#simulator/data/campaign.js';
import type { World } from '#simulator/world.js';
import { failure } from './errors.js';
import { readQuery, runQuery } from './run-query.js';
import type { SearchRequest, StreamRequest } from './search-request.js';

const LIFETIME_MS = 2 * 3_600_000;
const secret = randomBytes(16);

function seal(customerId: string, query: string, offset: string, issuedAt: string): string {
  return createHash('sha256')
    .update(secret)
    .update(JSON.stringify([customerId, query, offset, issuedAt]))
    .digest('base64url')
    .slice(0, 22);
}

function pageToken(customerId: string, query: string, offset: number, nowMs: number): string {
  const [start, at] = [offset.toString(36), nowMs.toString(36)];
  return Buffer.from(`${start}.${at}.${seal(customerId, query, start, at)}`).toString('base64url');
}

/** Throws for a token that is forged, of another query or expired. */
function readPageToken(token: string, customerId: string, query: string, nowMs: number, version: string): number {
  const [start = '', at = '', sealed] = Buffer.from(token, 'base64url').toString().split('.');
  const refuse = (code: string, message: string) =>
    failure(version, 400, { group: 'requestError', code, message, field: 'page_token' });
  if (sealed !== seal(customerId, query, start, at)) throw refuse('INVALID_PAGE_TOKEN', 'Page token is invalid.');
  if (nowMs - Number.parseInt(at, 36) > LIFETIME_MS) throw refuse('EXPIRED_PAGE_TOKEN', 'Page token has expired.');
  return Number.parseInt(start, 36);
}

/** Returns one page of googleAds:search. */
export function searchPage(
  body: SearchRequest,
  customer: Account,
  world: World,
  version: string,
): Record<string, unknown> {
  const query = readQuery(body.query, version);
  const { omitResults, returnSummaryRow, returnTotalResultsCount } = body.searchSettings;
  const now = world.clock.nowMs();
  const offset = body.pageToken === '' ? 0 : readPageToken(body.pageToken, customer.id, body.query, now, version);
  const { rows, print, fieldMask, summaryRow } = runQuery(query, customer, world, version);
  if (body.validateOnly) return {};
  if (returnSummaryRow && !summaryRow) {
    throw failure(version, 400, {
      group: 'requestError',
      code: 'CANNOT_RETURN_SUMMARY_ROW_FOR_REQUEST_WITHOUT_METRICS',
      message: 'Cannot return summary row because no metrics field is selected.',
    });
  }
  const end = offset + world.settings.googleAdsPageSize;
  const page = omitResults ? [] : rows.slice(offset, end);
  const isLast = omitResults || end >= rows.length;
  return {
    ...(page.length > 0 && { results: page.map(print) }),
    ...(!isLast && { nextPageToken: pageToken(customer.id, body.query, end, now) }),
    ...(returnTotalResultsCount && { totalResultsCount: String(rows.length) }),
    fieldMask,
    ...(returnSummaryRow && isLast && { summaryRow }),
    queryResourceConsumption: consumption(rows.length),
  };
}

/** Returns the chunks of googleAds:searchStream; without rows, one without results. */
export function searchStream(
  body: StreamRequest,
  customer: Account,
  world: World,
  version: string,
  requestId: string,
): Record<string, unknown>[] {
  const query = readQuery(body.query, version);
  const { rows, print, fieldMask, summaryRow } = runQuery(query, customer, world, version);
  const onlySummary = body.summaryRowSetting === 'SUMMARY_ROW_ONLY';
  const wantsSummary = onlySummary || body.summaryRowSetting === 'SUMMARY_ROW_WITH_RESULTS';
  const size = world.settings.googleAdsChunkSize;
  const shown = onlySummary ? [] : rows;
  const chunks: Record<string, unknown>[] = [];
  for (let start = 0; start < shown.length; start += size) {
    chunks.push({ results: shown.slice(start, start + size).map(print), fieldMask, requestId });
  }
  if (wantsSummary && summaryRow) chunks.push({ summaryRow, fieldMask, requestId });
  const last = chunks.pop() ?? { fieldMask, requestId };
  return [...chunks, { ...last, queryResourceConsumption: consumption(rows.length) }];
}

function consumption(rows: number): string {
  return String(100 + rows * 2);
}
