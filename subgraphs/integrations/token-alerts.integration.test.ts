import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Alert } from '#runtime/alert.js';
import type { Identity } from '#runtime/identity/identity.js';
import { openStage, type Stage, someone } from './testing/open-stage.js';

const CAMPAIGNS = /* GraphQL */ `
  query ($id: ID!) {
    connection(id: $id) { accounts { campaigns(range: { start: "2026-09-01", end: "2026-09-30" }) { totalCount } } }
  }
`;
const HOUR = 3600;

describe('operators are alerted', () => {
  let stage: Stage;
  let nora: Identity;
  let raised: Alert[];
  beforeEach(async () => {
    stage = await openStage();
    nora = someone();
    raised = [];
    stage.services.alerts.raise = (alert) => void raised.push(alert);
  });
  afterEach(() => stage.close());

  const runJob = async () => {
    await stage.subgraph.jobs[0]?.run({} as never, { reportProgress: async () => {} } as never);
  };

  it('once that a connection requires its user to reconnect', async () => {
    const { id } = await stage.connect(nora, 'google-ads', { person: 'nora' });
    await stage.simulated.revokeGrants({ person: 'nora' });
    expect((await stage.ask(nora, CAMPAIGNS, { id })).code).toBe('RECONNECT_REQUIRED');
    await stage.ask(nora, CAMPAIGNS, { id });
    const { organizationId } = nora;
    expect(raised).toMatchObject([
      { category: 'oauth', key: 'reconnect-required google-ads', organizationId, details: { connectionId: id } },
    ]);
  });

  it('of failed token renewals where the provider fails', async () => {
    await stage.connect(nora, 'google-ads', { person: 'nora' });
    stage.clock.advanceSeconds(HOUR);
    await stage.simulated.breakNext({ provider: 'google-oauth', kind: 'status', status: 500, times: 3 });
    await runJob();
    expect(raised).toMatchObject([{ category: 'oauth', key: 'renewal-failed google-ads' }]);
    raised = [];
    await runJob();
    expect(raised).toEqual([]);
  });

  it('once where the job finds a withdrawn consent', async () => {
    await stage.connect(nora, 'google-ads', { person: 'nora' });
    stage.clock.advanceSeconds(HOUR);
    await stage.simulated.revokeGrants({ person: 'nora' });
    await runJob();
    expect(raised).toMatchObject([{ category: 'oauth', key: 'reconnect-required google-ads' }]);
  });
});
