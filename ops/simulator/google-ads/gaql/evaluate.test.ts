import { describe, expect, it } from '@jest/globals';
import { dayOf } from '#simulator/data/calendar.js';
import { addFigures, figuresOfDay, figuresOfRange } from '#simulator/data/daily-figures.js';
import { findGoogleAdsAccount, GOOGLE_ADS_MANAGER_ID } from '#simulator/data/google-ads-accounts.js';
import { evaluate } from './evaluate.js';
import { parseGaql } from './parse.js';
import { GaqlError } from './query.js';
import { rowPrinter } from './row.js';

const NOW = new Date('2026-11-20T12:00:00Z');
const OCTOBER = "segments.date BETWEEN '2026-10-01' AND '2026-10-31'";
const germany = findGoogleAdsAccount('2718281828')!;
const japan = findGoogleAdsAccount('3141592653')!;
const manager = findGoogleAdsAccount(GOOGLE_ADS_MANAGER_ID)!;

function run(text: string, account = germany, now = NOW) {
  return evaluate(parseGaql(text), account, now);
}

function codeOf(text: string, account = germany): string {
  try {
    run(text, account);
  } catch (error) {
    if (error instanceof GaqlError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('evaluate', () => {
  it('aggregates a campaign over the days of the filter', () => {
    const rows = run(
      `SELECT campaign.id, metrics.impressions, metrics.cost_micros, metrics.conversions FROM campaign WHERE ${OCTOBER}`,
    );
    expect(rows).toHaveLength(60);
    for (const [n, campaign] of germany.campaigns.entries()) {
      const truth = figuresOfRange(campaign, dayOf('2026-10-01'), dayOf('2026-10-31'));
      expect(rows[n]).toMatchObject({
        'campaign.id': campaign.id,
        'metrics.impressions': String(truth.impressions),
        'metrics.cost_micros': String(truth.cost * 10_000),
        'metrics.conversions': truth.halfConversions / 2,
      });
    }
  });

  it('returns one row per campaign and day with figures when the day is selected', () => {
    const rows = run(`SELECT campaign.id, segments.date, metrics.clicks FROM campaign WHERE ${OCTOBER}`);
    const days = Array.from({ length: 31 }, (_, n) => dayOf('2026-10-01') + n);
    const expected = germany.campaigns.flatMap((campaign) =>
      days.filter((day) => figuresOfDay(campaign, day).impressions > 0),
    );
    expect(rows).toHaveLength(expected.length);
    expect(new Set(rows.map((row) => row['segments.date'])).size).toBe(31);
  });

  it('drops rows without any figures only when a segment is selected', () => {
    const silent = germany.campaigns.find((campaign) => campaign.dailyImpressions === 0)!;
    expect(run(`SELECT metrics.clicks FROM campaign WHERE campaign.id = ${silent.id} AND ${OCTOBER}`)).toHaveLength(1);
    expect(
      run(`SELECT segments.date, metrics.clicks FROM campaign WHERE campaign.id = ${silent.id} AND ${OCTOBER}`),
    ).toHaveLength(0);
  });

  it('measures all time without a date filter', () => {
    const [row] = run('SELECT customer.id, metrics.impressions FROM customer');
    const truth = addFigures(germany.campaigns.map((campaign) => figuresOfRange(campaign, 0, dayOf('2026-11-20'))));
    expect(row?.['metrics.impressions']).toBe(String(truth.impressions));
  });

  it("ends today in the account's own zone", () => {
    const lateEvening = new Date('2026-11-20T16:00:00Z');
    const dates = (account: typeof japan) =>
      run(
        "SELECT segments.date, metrics.clicks FROM customer WHERE segments.date BETWEEN '2026-11-19' AND '2026-12-31'",
        account,
        lateEvening,
      ).map((row) => row['segments.date']);
    expect(dates(japan)).toEqual(['2026-11-19', '2026-11-20', '2026-11-21']);
    expect(dates(germany)).toEqual(['2026-11-19', '2026-11-20']);
  });

  it('groups by month and week', () => {
    const months = run(
      "SELECT segments.month, segments.year, metrics.clicks FROM customer WHERE segments.date BETWEEN '2026-09-15' AND '2026-11-02'",
    );
    expect(months.map((row) => row['segments.month'])).toEqual(['2026-09-01', '2026-10-01', '2026-11-01']);
    expect(months[0]?.['segments.year']).toBe(2026);
    const weeks = run('SELECT segments.week, metrics.clicks FROM customer WHERE segments.date DURING LAST_7_DAYS');
    expect(weeks.map((row) => row['segments.week'])).toEqual(['2026-11-09', '2026-11-16']);
  });

  it.each([
    ["campaign.status != 'REMOVED'", (status: string) => status !== 'REMOVED'],
    ["campaign.status IN ('PAUSED', 'REMOVED')", (status: string) => status !== 'ENABLED'],
    ['campaign.status = ENABLED', (status: string) => status === 'ENABLED'],
    ['campaign.end_date_time IS NOT NULL', (status: string) => status === 'REMOVED'],
  ])('filters by %s', (condition, accepts) => {
    expect(run(`SELECT campaign.id FROM campaign WHERE ${condition}`)).toHaveLength(
      germany.campaigns.filter((campaign) => accepts(campaign.status)).length,
    );
  });

  it('filters names by pattern', () => {
    expect(run("SELECT campaign.id FROM campaign WHERE campaign.name LIKE '%black friday%'").length).toBeGreaterThan(1);
    expect(run("SELECT campaign.id FROM campaign WHERE campaign.name REGEXP_MATCH 'DE .* Brand'")).toHaveLength(1);
    expect(run("SELECT campaign.id FROM campaign WHERE campaign.name REGEXP_MATCH 'Brand'")).toHaveLength(0);
    const brands = run("SELECT campaign.id FROM campaign WHERE campaign.name LIKE '%brand%'");
    expect(run("SELECT campaign.id FROM campaign WHERE campaign.name REGEXP_MATCH '(?i).*brand.*'")).toEqual(brands);
    expect(run("SELECT campaign.id FROM campaign WHERE campaign.name REGEXP_MATCH '(?P<what>.*)Brand.*'").length).toBe(
      brands.length,
    );
  });

  it('distinguishes ids beyond Number.MAX_SAFE_INTEGER', () => {
    const at = germany.campaigns.findIndex((campaign, n, all) => Number(campaign.id) === Number(all[n + 1]?.id));
    const [one, two] = germany.campaigns.slice(at).map((campaign) => campaign.id);
    const ids = (condition: string) =>
      run(`SELECT campaign.id FROM campaign WHERE ${condition}`).map((row) => row['campaign.id']);
    expect(ids(`campaign.id IN (${one})`)).toEqual([one]);
    expect(ids(`campaign.id > ${one} AND campaign.id <= ${two}`)).toEqual([two]);
  });

  it('orders numbers by size and limits', () => {
    const rows = run(
      `SELECT campaign.id, metrics.clicks FROM campaign WHERE metrics.clicks > 0 AND ${OCTOBER} ORDER BY metrics.clicks DESC LIMIT 7`,
    );
    const clicks = rows.map((row) => Number(row['metrics.clicks']));
    expect(clicks).toHaveLength(7);
    expect(clicks).toEqual(clicks.toSorted((a, b) => b - a));
  });

  it('lists a manager and its clients', () => {
    const rows = run(
      'SELECT customer_client.id, customer_client.level FROM customer_client WHERE customer_client.level <= 1',
      manager,
    );
    expect(rows.map((row) => row['customer_client.level'])).toEqual(['0', '1', '1', '1', '1', '1']);
    expect(run('SELECT customer_client.id FROM customer_client')).toHaveLength(1);
  });

  it.each([
    ['SELECT colour.id FROM campaign', 'UNRECOGNIZED_FIELD'],
    ["SELECT campaign.id FROM campaign WHERE campaign.name REGEXP_MATCH '('", 'INVALID_STRING_VALUE'],
    ['SELECT campaign.start_date FROM campaign', 'UNRECOGNIZED_FIELD'],
    ['SELECT campaign.id FROM campaigns', 'BAD_RESOURCE_TYPE_IN_FROM_CLAUSE'],
    ['SELECT campaign.id FROM customer', 'PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE'],
    ['SELECT customer.id FROM customer WHERE campaign.id = 1', 'PROHIBITED_RESOURCE_TYPE_IN_WHERE_CLAUSE'],
    ['SELECT metrics.clicks FROM customer_client', 'PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE'],
    ['SELECT segments.date, metrics.clicks FROM campaign', 'EXPECTED_FILTERS_ON_DATE_RANGE'],
    [
      "SELECT segments.date, metrics.clicks FROM campaign WHERE segments.date >= '2026-10-01'",
      'EXPECTED_FILTERS_ON_DATE_RANGE',
    ],
    ["SELECT metrics.clicks FROM campaign WHERE segments.date = '2026-02-30'", 'INVALID_DATE_FORMAT'],
    [
      "SELECT metrics.clicks FROM campaign WHERE segments.date BETWEEN '2026-10-31' AND '2026-10-01'",
      'PROHIBITED_VALUE_COMBINATION_WITH_BETWEEN_OPERATOR',
    ],
    ["SELECT metrics.clicks FROM campaign WHERE segments.month = '2026-10-02'", 'MISALIGNED_DATE_FOR_FILTER'],
    [
      'SELECT metrics.clicks FROM campaign WHERE segments.date DURING LAST_2_DAYS',
      'INVALID_VALUE_WITH_DURING_OPERATOR',
    ],
    ["SELECT campaign.id FROM campaign WHERE campaign.status = 'ACTIVE'", 'BAD_ENUM_CONSTANT'],
    ["SELECT campaign.id FROM campaign WHERE campaign.id = 'brand'", 'BAD_VALUE'],
    ["SELECT campaign.id FROM campaign WHERE campaign.id LIKE '1%'", 'OPERATOR_FIELD_MISMATCH'],
    ['SELECT campaign.id FROM campaign ORDER BY metrics.clicks', 'EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE'],
  ])('refuses %s with %s', (query, code) => {
    expect(codeOf(query)).toBe(code);
  });

  it('measures nothing on a manager account', () => {
    expect(codeOf('SELECT metrics.clicks FROM customer', manager)).toBe('REQUESTED_METRICS_FOR_MANAGER');
  });
});

describe('rowPrinter', () => {
  it('prints the selected fields and the resource names', () => {
    const query = parseGaql(
      `SELECT campaign.start_date_time, metrics.cost_micros, segments.date FROM campaign WHERE ${OCTOBER} LIMIT 1`,
    );
    const [row] = evaluate(query, germany, NOW).map(rowPrinter(query));
    expect(row).toEqual({
      campaign: {
        resourceName: expect.stringMatching(/^customers\/2718281828\/campaigns\/\d+$/),
        startDateTime: expect.stringMatching(/^\d{4}-\d\d-\d\d 00:00:00$/),
      },
      metrics: { costMicros: expect.stringMatching(/^\d+$/) },
      segments: { date: '2026-10-01' },
    });
  });

  it('omits resource names on request', () => {
    const query = parseGaql(
      'SELECT metrics.clicks FROM campaign LIMIT 1 PARAMETERS omit_unselected_resource_names=true',
    );
    expect(evaluate(query, germany, NOW).map(rowPrinter(query))).toEqual([{ metrics: { clicks: expect.any(String) } }]);
  });
});
