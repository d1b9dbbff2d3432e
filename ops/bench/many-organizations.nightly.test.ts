import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { analyzeDays, copyDays } from './answers/copied-days.js';
import { openQuestionedPlatform, type QuestionedPlatform } from './answers/performance-question.js';
import { queryGateway } from './bench-platform.js';

// 10,000 organizations with 10,000,000 copied rows: what the statements of one of them touch.

const SIZE = { accounts: 2, campaigns: 5, days: 100 };
const ORGANIZATIONS = 10_000;
const AT_ONCE = 500;
const FILL_MS = 30 * 60 * 1000;
const RANGE = { start: '2026-09-10', end: '2026-10-20' };
const MONTHS = ['2026_09', '2026_10'];

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Cond'?: string;
  'Recheck Cond'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

interface Statement {
  text: string;
  values: unknown[];
}

const logger = createLogger({ level: 'silent', isPretty: false });
const lifecycle = new Lifecycle(logger);
/** Answers are remembered by organization: each question is asked of another one. */
const asked = Array.from({ length: 3 }, () => randomUUID());
let opened: QuestionedPlatform;

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
const isScan = (node: PlanNode) => /^(daily_metrics|history_day)_\d{4}_\d{2}$/.test(node['Relation Name'] ?? '');

/** Asks the graph and returns the statements over copied days that it takes. */
async function statementsOf(organizationId: string, selection: string): Promise<Statement[]> {
  const { database, gateway } = opened;
  const userId = randomUUID();
  const owner = { kind: 'user', userId, organizationId, role: 'OWNER', scopes: [], requestId: 'drill' } as const;
  const found: Statement[] = [];
  const query = database.query;
  database.query = ((text: string, values: unknown[]) => {
    if (/integrations\.(daily_metrics|history_day)/.test(text)) found.push({ text, values });
    return query.call(database, text, values);
  }) as typeof query;
  try {
    const document = `query ($range: DateRangeInput!) { organization { ${selection} } }`;
    await queryGateway(gateway, { ...owner, scopes: [] }, document, { range: RANGE });
  } finally {
    database.query = query;
  }
  return found;
}

async function scansOf({ text, values }: Statement): Promise<PlanNode[]> {
  const [row] = await opened.database.query(`EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${text}`, values);
  return nodesOf(row['QUERY PLAN'][0].Plan).filter(isScan);
}

beforeAll(async () => {
  opened = await openQuestionedPlatform(lifecycle, logger);
  const { database } = opened;
  await copyDays(database, asked, SIZE);
  for (let done = asked.length; done < ORGANIZATIONS; done += AT_ONCE) {
    const ids = Array.from({ length: Math.min(AT_ONCE, ORGANIZATIONS - done) }, () => randomUUID());
    await copyDays(database, ids, SIZE);
  }
  await analyzeDays(database);
}, FILL_MS);

afterAll(() => lifecycle.close());

describe('a question of one organization among 10,000', () => {
  it.each([
    ['performance by month and provider', 'performance(range: $range, groupBy: [MONTH, PROVIDER]) { totalCount }'],
    ['performance by campaign', 'performance(range: $range, groupBy: [CAMPAIGN]) { totalCount }'],
    [
      'performance of a name',
      'performance(range: $range, groupBy: [DAY], filter: { nameContains: "1" }) { totalCount }',
    ],
  ])('reads its own rows of the months asked for only: %s', async (_name, selection) => {
    const statements = await statementsOf(asked.pop() ?? '', selection);
    expect(statements.length).toBeGreaterThan(1);
    for (const statement of statements) {
      const scans = await scansOf(statement);
      expect(scans.length).toBeGreaterThan(0);
      for (const scan of scans) {
        expect(MONTHS).toContain(scan['Relation Name']?.slice(-7));
        expect(scan['Node Type']).not.toBe('Seq Scan');
        const condition = scan['Index Cond'] ?? scan['Recheck Cond'];
        expect(condition).toContain('organization_id = ');
        // Only days at the ends of the range are read in vain.
        expect(scan['Rows Removed by Filter'] ?? 0).toBeLessThanOrEqual(SIZE.accounts * SIZE.campaigns * 31);
      }
      const rows = scans.reduce((sum, scan) => sum + scan['Actual Rows'] * scan['Actual Loops'], 0);
      expect(rows).toBeLessThanOrEqual(SIZE.accounts * SIZE.campaigns * 41);
    }
  });
});
