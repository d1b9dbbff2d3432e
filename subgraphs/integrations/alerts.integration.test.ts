import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { keepWebhookEvents } from '#ops/testing/webhook-events.js';
import type { Identity } from '#runtime/identity/identity.js';
import { type HistoryStage, openHistoryStage } from './testing/open-history-stage.js';
import { someone } from './testing/open-stage.js';

const RULE = `mutation ($kind: AlertKind!, $name: String, $clientIds: [ID!], $accountIds: [ID!], $campaignIds: [ID!],
  $threshold: Float, $recipientIds: [ID!]) {
  createAlertRule(kind: $kind, name: $name, clientIds: $clientIds, accountIds: $accountIds, campaignIds: $campaignIds,
    threshold: $threshold, recipientIds: $recipientIds) { rule { id name threshold recipientIds } } }`;
const UPDATE = `mutation ($ruleId: ID!, $recipientIds: [ID!], $isPaused: Boolean, $threshold: Float) {
  updateAlertRule(ruleId: $ruleId, recipientIds: $recipientIds, isPaused: $isPaused, threshold: $threshold) {
    rule { isPaused threshold } } }`;
const ALERTS = `query ($of: [_Any!]!, $state: AlertState, $first: Int! = 100, $after: String) {
  _entities(representations: $of) { ... on Organization {
    alerts(state: $state, first: $first, after: $after) {
      pageInfo { hasNextPage endCursor }
      edges { node { id kind state target message day resolution account { externalId } connectionId mutedUntil acknowledgedById } }
    } } } }`;
const BUDGET = `mutation ($accountId: ID, $amount: MoneyInput) {
  setBudget(accountId: $accountId, month: "2026-11-01", amount: $amount) { budgets { pace } } }`;

const US = '1029384756';
/** Thursday. */
const NOW = new Date('2026-11-20T12:00:00Z');

describe('alerts', () => {
  const nora = someone();
  const bob = someone('ANALYST', nora.organizationId);
  let stage: HistoryStage;
  let accountId: string;
  let members: { id: string; clientIds: string[] | null }[];
  let readEvents: () => Promise<{ type: string; data: Record<string, unknown> }[]>;

  beforeAll(async () => {
    stage = await openHistoryStage(NOW);
    await stage.connect(nora, 'google-ads');
    await stage.copyAll();
    accountId = (await stage.activeAccounts(nora)).find(({ externalId }) => externalId === US).id;
    readEvents = await keepWebhookEvents(stage.services.operations, nora.organizationId);
    stage.services.graph.query = async () =>
      ({
        organization: {
          name: 'Northwind',
          members: {
            edges: members.map(({ id, clientIds }) => ({
              node: {
                user: { id, name: 'A member', email: `${id}@example.com` },
                clients: clientIds?.map((clientId) => ({ id: clientId })) ?? null,
              },
            })),
            pageInfo: { hasNextPage: false, endCursor: null },
          },
        },
      }) as never;
  });
  beforeEach(async () => {
    stage.clock.now = NOW;
    members = [nora, bob].map(({ userId }) => ({ id: userId as string, clientIds: null }));
    await stage.sql('DELETE FROM integrations.alert_rule');
    await stage.sql('DELETE FROM integrations.budget');
    await stage.services.operations.query("DELETE FROM operations.mail WHERE kind = 'alert'");
    await stage.services.operations.query('DELETE FROM operations.webhook_delivery');
    await stage.services.operations.query('DELETE FROM operations.webhook_event');
  });
  afterAll(() => stage.close());

  async function create(variables: object, identity: Identity = nora) {
    const { data, code, errors } = await stage.ask(identity, RULE, { accountIds: [accountId], ...variables });
    const argument = (errors[0]?.extensions as any)?.details?.[0]?.argument;
    return { rule: data?.createAlertRule.rule, code, argument };
  }
  const evaluate = () => stage.run('integrations.evaluate-alerts', { organizationId: nora.organizationId });
  async function alerts(variables: object = {}) {
    const of = [{ __typename: 'Organization', id: nora.organizationId }];
    const { data } = await stage.ask(nora, ALERTS, { of, ...variables });
    return data._entities[0].alerts.edges.map(({ node }: any) => node);
  }
  const mails = () =>
    stage.services.operations.query<{ recipient: string; subject: string; text: string }[]>(
      "SELECT recipient, subject, text FROM operations.mail WHERE kind = 'alert' ORDER BY created_at, recipient",
    );
  const states = async () => (await readEvents()).map(({ type, data }) => `${type} ${data.kind} ${data.state}`);

  /** Changes the copied figures of an account on a day, and returns how to restore them. */
  async function change(day: string, set: string) {
    const rows = await stage.sql('SELECT * FROM integrations.daily_metrics WHERE account_id = $1 AND day = $2', [
      accountId,
      day,
    ]);
    const update = `UPDATE integrations.daily_metrics SET ${set} WHERE account_id = $1 AND day = $2`;
    await stage.sql(update, [accountId, day]);
    return async () => {
      for (const { campaign_id, cost_micros, conversions } of rows) {
        await stage.sql(
          'UPDATE integrations.daily_metrics SET cost_micros = $4, conversions = $5 WHERE account_id = $1 AND day = $2 AND campaign_id = $3',
          [accountId, day, campaign_id, cost_micros, conversions],
        );
      }
    };
  }
  const setBudget = (amount: string) => stage.ask(nora, BUDGET, { accountId, amount: { amount, currency: 'USD' } });

  it('of a budget over its pace are raised once, by however many workers, and resolved with one message', async () => {
    const { rule } = await create({ kind: 'OVER_PACE' });
    expect(rule).toMatchObject({ name: 'Budget over pace', threshold: 10, recipientIds: [nora.userId] });
    await setBudget('100');
    await Promise.all([evaluate(), evaluate(), evaluate()]);
    await evaluate();
    const raised = await alerts();
    expect(raised).toHaveLength(1);
    expect(raised[0]).toMatchObject({
      kind: 'OVER_PACE',
      state: 'RAISED',
      day: '2026-11-19',
      account: { externalId: US },
    });
    expect(raised[0].message).toMatch(
      /^\d+ % more than planned through Thursday,? 19 November: .* USD instead of .* USD/,
    );
    expect((await mails()).map(({ recipient }) => recipient)).toEqual([`${nora.userId}@example.com`]);
    expect((await mails())[0]?.text).toContain(raised[0].message);
    expect(await states()).toEqual(['budget.alert OVER_PACE RAISED']);
    await setBudget('900000000');
    await Promise.all([evaluate(), evaluate()]);
    await evaluate();
    expect(await alerts({ state: 'RAISED' })).toEqual([]);
    expect(await alerts({ state: 'RESOLVED' })).toMatchObject([
      { resolution: expect.stringContaining('less than planned') },
    ]);
    expect((await mails()).map(({ subject }) => subject.split(':')[0])).toEqual(['Alert', 'Resolved']);
    expect(await states()).toEqual(['budget.alert OVER_PACE RAISED', 'budget.alert OVER_PACE RESOLVED']);
  });

  it('say nothing of days that are missing, also of a budget under its pace', async () => {
    await create({ kind: 'UNDER_PACE' });
    await create({ kind: 'NOTHING_SPENT' });
    await create({ kind: 'SPEND_UNUSUAL', threshold: 1 });
    await setBudget('900000000');
    const where = 'WHERE account_id = $1 AND day >= $2';
    const days = await stage.sql(
      `SELECT organization_id, day::text AS day, is_final FROM integrations.history_day ${where}`,
      [accountId, '2026-11-18'],
    );
    await stage.sql(`DELETE FROM integrations.history_day ${where}`, [accountId, '2026-11-18']);
    await evaluate();
    expect(await alerts()).toEqual([]);
    // A day that was read before it was over is as good as missing.
    for (const { organization_id, day, is_final } of days)
      await stage.sql(
        'INSERT INTO integrations.history_day (organization_id, account_id, day, fetched_at, is_final) VALUES ($1, $2, $3::date, $4::timestamptz, $5)',
        [organization_id, accountId, day, `${day}T20:00:00Z`, is_final],
      );
    await evaluate();
    expect(await alerts()).toEqual([]);
    await stage.sql(`UPDATE integrations.history_day SET fetched_at = $3 ${where}`, [accountId, '2026-11-18', NOW]);
    await evaluate();
    expect((await alerts()).map(({ kind }: any) => kind)).toContain('UNDER_PACE');
    // The next month is another budget.
    stage.clock.now = new Date('2026-12-02T12:00:00Z');
    await evaluate();
    const [ended] = (await alerts({ state: 'RESOLVED' })).filter(({ kind }: any) => kind === 'UNDER_PACE');
    expect(ended.resolution).toContain('its month is over');
  });

  it.each([
    [
      'SPEND_UNUSUAL',
      '2026-11-19',
      'cost_micros = cost_micros * 20',
      /^Spent [\d.]+ USD on Thursday,? 19 November, usually .* on Thursdays \(the last 8\)\.$/,
    ],
    [
      'NOTHING_SPENT',
      '2026-11-19',
      'cost_micros = 0',
      /^Nothing was spent on Thursday,? 19 November, usually [\d.]+ USD on Thursdays/,
    ],
    [
      'CPA_UNUSUAL',
      '2026-11-17',
      'cost_micros = cost_micros * 50',
      /^A conversion cost [\d.]+ USD on Tuesday,? 17 November, usually/,
    ],
  ])('of %s are raised in words, and resolved', async (kind, day, set, words) => {
    await create({ kind });
    await evaluate();
    expect(await alerts()).toEqual([]);
    const restore = await change(day, set);
    await evaluate();
    expect(await alerts()).toMatchObject([
      { kind, day, message: expect.stringMatching(words), target: 'Northwind Outdoor US' },
    ]);
    await restore();
    await evaluate();
    expect(await alerts({ state: 'RAISED' })).toEqual([]);
    expect((await states()).map((one) => one.split(' ')[2])).toEqual(['RAISED', 'RESOLVED']);
  });

  it('of tracking that is gone take clicks without conversions on three settled days', async () => {
    await create({ kind: 'TRACKING_GONE' });
    const restores = [];
    for (const day of ['2026-11-15', '2026-11-16', '2026-11-17']) {
      await evaluate();
      expect(await alerts()).toEqual([]);
      restores.push(await change(day, 'conversions = 0'));
    }
    await evaluate();
    const message = expect.stringMatching(
      /^\d+ clicks and no conversions from Sunday,? 15 November to Tuesday,? 17 November, usually \d+/,
    );
    expect(await alerts()).toMatchObject([{ kind: 'TRACKING_GONE', message }]);
    for (const restore of restores) await restore();
    await evaluate();
    expect(await alerts({ state: 'RAISED' })).toEqual([]);
  });

  it('of a connection are raised when it must be connected again', async () => {
    await create({ kind: 'CONNECTION_FAILING', accountIds: undefined });
    await evaluate();
    expect(await alerts()).toEqual([]);
    const set = "UPDATE integrations.connection SET status = $1, reason = $2 WHERE provider_id = 'google-ads'";
    await stage.sql(set, ['RECONNECT_REQUIRED', 'Connect it again.']);
    await evaluate();
    expect(await alerts()).toMatchObject([{ kind: 'CONNECTION_FAILING', message: 'Connect it again.', day: null }]);
    await stage.sql(set, ['ACTIVE', null]);
    await evaluate();
    expect(await alerts()).toMatchObject([{ state: 'RESOLVED' }]);
  });

  it('are mailed to members as they are when it is sent', async () => {
    const { rule } = await create({ kind: 'OVER_PACE', recipientIds: [nora.userId, bob.userId] });
    await setBudget('100');
    // One has left, and the other is limited to clients this is not about.
    members = [{ id: nora.userId as string, clientIds: [crypto.randomUUID()] }];
    await evaluate();
    expect(await alerts()).toHaveLength(1);
    expect(await mails()).toEqual([]);
    const stranger = crypto.randomUUID();
    const given = { ruleId: rule.id, recipientIds: [stranger] };
    expect((await stage.ask(nora, UPDATE, given)).code).toBe('NOT_FOUND');
  });

  it('are acknowledged and muted, and paused rules find nothing', async () => {
    const { rule } = await create({ kind: 'OVER_PACE' });
    await setBudget('100');
    await evaluate();
    const [{ id }] = await alerts();
    const acknowledge = 'mutation ($id: ID!) { acknowledgeAlert(alertId: $id) { alert { acknowledgedById } } }';
    for (const identity of [bob, nora]) {
      const { data } = await stage.ask(identity, acknowledge, { id });
      expect(data.acknowledgeAlert.alert.acknowledgedById).toBe(bob.userId);
    }
    await stage.ask(nora, 'mutation ($id: ID!) { muteAlert(alertId: $id) { alert { mutedUntil } } }', { id });
    await setBudget('900000000');
    await evaluate();
    await setBudget('100');
    stage.clock.advanceSeconds(60);
    await evaluate();
    expect(await alerts()).toMatchObject([{ state: 'RAISED', mutedUntil: expect.any(String) }, { state: 'RESOLVED' }]);
    expect(await mails()).toHaveLength(1);
    expect(await states()).toHaveLength(1);
    await stage.ask(nora, UPDATE, { ruleId: rule.id, isPaused: true });
    await setBudget('900000000');
    await evaluate();
    expect(await alerts({ state: 'RAISED' })).toHaveLength(1);
    expect((await stage.ask(someone(), acknowledge, { id })).code).toBe('NOT_FOUND');
    expect((await stage.ask(someone('VIEWER', nora.organizationId), acknowledge, { id })).code).toBe('FORBIDDEN');
  });

  it('of figures are refused for accounts without campaigns', async () => {
    const gina = someone();
    await stage.connect(gina, 'google-analytics');
    const [property] = await stage.sql(
      "SELECT id FROM integrations.account WHERE organization_id = $1 AND currency = 'EUR'",
      [gina.organizationId],
    );
    expect(await create({ kind: 'NOTHING_SPENT', accountIds: [property.id] }, gina)).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument: 'accountIds',
    });
    expect((await create({ kind: 'CONNECTION_FAILING', accountIds: [property.id] }, gina)).code).toBeUndefined();
  });

  it.each<[string, object, string]>([
    ['a threshold it has not', { kind: 'NOTHING_SPENT', threshold: 3 }, 'threshold'],
    ['a threshold of nothing', { kind: 'OVER_PACE', threshold: 0 }, 'threshold'],
    ['two kinds of targets', { kind: 'OVER_PACE', clientIds: ['x'] }, 'clientIds'],
    ['an empty list', { kind: 'OVER_PACE', accountIds: [] }, 'accountIds'],
    [
      'campaigns of connections',
      { kind: 'CONNECTION_FAILING', accountIds: undefined, campaignIds: ['x'] },
      'campaignIds',
    ],
  ])('are refused with %s', async (_what, given, argument) => {
    expect(await create(given)).toMatchObject({ code: 'BAD_USER_INPUT', argument });
  });
});
