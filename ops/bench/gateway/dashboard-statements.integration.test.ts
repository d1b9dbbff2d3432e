import { afterAll, describe, expect, it } from '@jest/globals';
import { openBenchPlatform } from '#ops/bench/bench-platform.js';
import { seedOrganization } from '#ops/bench/seed-organization.js';
import { recordEachStatement } from '#ops/testing/record-statements.js';
import { createLogger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { dashboardAnswers, dashboardRequests } from './dashboard-load.js';
import { pairOverRunning } from './gateway-pairs.js';

const logger = createLogger({ level: 'silent', isPretty: false });
const lifecycle = new Lifecycle(logger);
afterAll(() => lifecycle.close());

/** Of two times the fewer: what an organization may use is read again every ten seconds. */
async function fewestOf(statements: string[], work: () => Promise<unknown>): Promise<string[]> {
  const times: string[][] = [];
  for (let time = 0; time < 2; time += 1) {
    statements.length = 0;
    await work();
    times.push([...statements]);
  }
  return times.toSorted((one, other) => one.length - other.length)[0] ?? [];
}

/** Returns the table that a statement reads first. */
const tableOf = (text: string) =>
  /\bFROM\s+"?(auth|billing|integrations|reporting|operations)"?\."?(\w+)"?/i.exec(text)?.slice(1).join('.') ?? text;

describe('the statements of a request', () => {
  it('are one for each thing that a dashboard shows, and one for its session', async () => {
    const statements = recordEachStatement();
    const platform = await openBenchPlatform(lifecycle, logger);
    const { ours } = await pairOverRunning(platform);
    const requests = dashboardRequests([await seedOrganization(platform, ours, 'Organization')]).slice(0, 1);
    platform.http.mode = 'record';
    await dashboardAnswers(ours, requests);
    platform.http.mode = 'replay';
    // What is remembered of the history is known by then.
    await dashboardAnswers(ours, requests);
    const ofDashboard = await fewestOf(statements, async () => {
      const [dashboard] = await dashboardAnswers(ours, requests);
      expect(dashboard?.me.organization.connections.length).toBeGreaterThan(1);
    });
    expect(ofDashboard.map(tableOf).sort()).toEqual([
      'auth.membership', // The caller with the organization, also where reports name who ordered them.
      'billing.subscription',
      'integrations.account',
      'integrations.account_history',
      'integrations.connection',
      'integrations.connection', // With the accounts: what of them the plan allows.
      'reporting.report',
    ]);
    const [session] = (await platform.services.databases.get('auth')?.query('SELECT id FROM auth.session')) ?? [];
    const auth = platform.running.find(({ name }) => name === 'auth');
    const query = `query { sessionIdentity(sessionId: "${session.id}") { role mustSetUpTwoFactor isReadOnly } }`;
    const ofSession = await fewestOf(statements, async () => {
      const answer = await auth?.execute({ query }, { kind: 'service', scopes: [], requestId: 'test' });
      expect(answer?.data).toEqual({
        sessionIdentity: { role: 'OWNER', mustSetUpTwoFactor: false, isReadOnly: false },
      });
    });
    expect(ofSession).toHaveLength(1);
  });
});
