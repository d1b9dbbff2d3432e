import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { testJobRun } from '#ops/testing/job-run.js';
import { keepWebhookEvents } from '#ops/testing/webhook-events.js';
import { GraphRequestFailed } from '#runtime/http/graph-client.js';
import type { Identity } from '#runtime/identity/identity.js';
import { openStage, type Stage, someone } from './testing/open-stage.js';

const LOOK = /* GraphQL */ `
  query ($id: ID!, $range: DateRangeInput!) {
    connection(id: $id) { status reconnectUrl accounts { campaigns(range: $range) { totalCount } } }
  }
`;
const BEGIN = 'mutation ($ticket: String!) { beginReconnect(ticket: $ticket) { authorizeUrl } }';
const DISCONNECT = 'mutation ($id: ID!) { disconnect(connectionId: $id) { connection { status } } }';

const range = { start: '2026-09-01', end: '2026-09-07' };
const service: Identity = { kind: 'service', scopes: [], requestId: 'test' };

describe('the reconnect notice of a connection', () => {
  let stage: Stage;
  let nora: Identity;
  let id: string;
  let caretakers: { id: string; name: string; email: string }[] | Error;
  let asked: { variables: unknown; organizationId: string }[];

  beforeEach(async () => {
    stage = await openStage();
    nora = someone();
    ({ id } = await stage.connect(nora, 'google-ads'));
    caretakers = [{ id: nora.userId as string, name: 'Nora', email: 'nora@agency.example' }];
    asked = [];
    stage.services.graph = {
      ...stage.services.graph,
      query: async ({ variables }, { organizationId }) => {
        asked.push({ variables, organizationId });
        if (caretakers instanceof Error) throw caretakers;
        const isAskedFor = !variables.userId || caretakers.some((person) => person.id === variables.userId);
        if (!isAskedFor) throw new GraphRequestFailed('There is no person with this id.', 'NOT_FOUND');
        return { organization: { name: 'The Agency', caretakers } } as never;
      },
    };
  });
  afterEach(() => stage.close());

  const look = (ask = stage.ask) => ask(nora, LOOK, { id, range });
  const audited = async () =>
    (
      await stage.services.operations.query<{ action: string; actor_kind: string }[]>(
        'SELECT action, actor_kind FROM operations.audit_event WHERE target_id = $1 ORDER BY sequence',
        [id],
      )
    ).map(({ action, actor_kind }) => `${action} by ${actor_kind}`);
  const mails = () =>
    stage.services.operations.query<{ recipient: string; subject: string; text: string }[]>(
      "SELECT recipient, subject, text FROM operations.mail WHERE kind = 'reconnect-required' ORDER BY recipient",
    );
  const notify = async (jobs = stage.subgraph.jobs) => {
    const job = jobs.find(({ name }) => name === 'integrations.notify-users');
    await job?.run({} as never, testJobRun());
  };
  const withdraw = async () => {
    await stage.simulated.revokeGrants({ person: 'nora', provider: 'google' });
    stage.clock.advanceSeconds(3600);
  };

  it('is one audit event and one mail, however many callers find it out and however often the job runs', async () => {
    const another = await stage.reopen({});
    await withdraw();
    await Promise.all(Array.from({ length: 12 }, (_, n) => look(n % 2 ? stage.ask : another.ask)));
    // Whoever found it out may die here: that the mail is due was committed with the status.
    expect(await mails()).toEqual([]);
    await Promise.all([notify(), notify(another.subgraph.jobs), notify()]);
    await notify();
    const sent = await mails();
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ recipient: 'nora@agency.example', subject: 'Google Ads must be connected again' });
    expect(await audited()).toEqual(['connection.connected by user', 'connection.reconnect-required by service']);
    expect(asked[0]).toEqual({ variables: { userId: nora.userId }, organizationId: nora.organizationId });
  });

  it('is sent once caretakers can be read again: those of the organization when the user has left', async () => {
    await withdraw();
    await look();
    caretakers = new GraphRequestFailed('It is away', 'SUBGRAPH_UNAVAILABLE');
    await expect(notify()).rejects.toThrow('could not be queued');
    expect(await mails()).toEqual([]);
    caretakers = [
      { id: 'one', name: 'Olga', email: 'olga@agency.example' },
      { id: 'two', name: 'Per', email: 'per@agency.example' },
    ];
    await notify();
    expect((await mails()).map(({ recipient }) => recipient)).toEqual(['olga@agency.example', 'per@agency.example']);
  });

  it('is not sent after a renewal, and sent again for the next failure', async () => {
    await withdraw();
    await look();
    await stage.connect(nora, 'google-ads');
    await notify();
    expect(await mails()).toEqual([]);
    await withdraw();
    await stage.forgetAnswers();
    await look();
    await notify();
    expect(await mails()).toHaveLength(1);
  });

  it('comes with events for webhooks: of the failure, the renewal, and the end', async () => {
    const events = await keepWebhookEvents(stage.services.operations, nora.organizationId);
    const connection = { connectionId: id, providerId: 'google-ads' };
    // A consent that is renewed while it works is no event.
    await stage.connect(nora, 'google-ads');
    await withdraw();
    await Promise.all([look(), look()]);
    const broken = { ...connection, fault: 'TOKEN_REVOKED', reason: expect.stringContaining('Google Ads') };
    expect(await events()).toEqual([{ type: 'connection.broken', data: broken }]);
    await stage.connect(nora, 'google-ads');
    await stage.ask(nora, DISCONNECT, { id });
    await stage.ask(nora, DISCONNECT, { id });
    await stage.connect(nora, 'google-ads');
    const opened = { ...connection, accountCount: expect.any(Number) };
    expect((await events()).slice(1)).toEqual([
      { type: 'connection.recovered', data: opened },
      { type: 'connection.removed', data: connection },
      { type: 'connection.connected', data: opened },
    ]);
  });

  it('links to a renewal by the same user only, in the mail and in the graph', async () => {
    await withdraw();
    await look();
    await notify();
    const [mail] = await mails();
    const urls = [/http\S+/.exec(mail?.text ?? '')?.[0], (await look()).data.connection.reconnectUrl];
    for (const url of urls) {
      const ticket = new URL(url).searchParams.get('ticket');
      const { data, errors } = await stage.ask(service, BEGIN, { ticket });
      expect(errors).toEqual([]);
      const { authorizeUrl } = data.beginReconnect;
      const stranger = await stage.simulated.decide(authorizeUrl, { person: 'rita' });
      expect((await stage.finish(nora, 'google-ads', stranger)).code).toBe('FORBIDDEN');
    }
    const ticket = new URL(urls[1]).searchParams.get('ticket');
    const { data } = await stage.ask(service, BEGIN, { ticket });
    const callback = await stage.simulated.decide(data.beginReconnect.authorizeUrl, { person: 'nora' });
    expect((await stage.finish(someone('ADMIN', nora.organizationId), 'google-ads', callback)).code).toBe('FORBIDDEN');
    const again = await stage.ask(service, BEGIN, { ticket });
    const renewal = await stage.simulated.decide(again.data.beginReconnect.authorizeUrl, { person: 'nora' });
    const done = await stage.finish(nora, 'google-ads', renewal);
    expect(done.data.completeConnection.connection).toMatchObject({ id, status: 'ACTIVE' });
    expect((await look()).data.connection).toMatchObject({ status: 'ACTIVE', reconnectUrl: null });
  });

  it('shows its link to ADMINs only, and the link cannot be forged or expired', async () => {
    await withdraw();
    await look();
    const analyst = { ...nora, role: 'ANALYST' as const };
    expect((await stage.ask(analyst, LOOK, { id, range })).data.connection.reconnectUrl).toBeNull();
    expect((await stage.ask(nora, BEGIN, { ticket: 'x' })).code).toBe('FORBIDDEN');
    const foreign = await stage.services.internalSigner.signClaims({ connectionId: id }, 'gateway', 60);
    for (const ticket of ['x', foreign]) {
      expect((await stage.ask(service, BEGIN, { ticket })).code).toBe('BAD_USER_INPUT');
    }
  });

  it('is preceded by one that names the organization the provider was connected to', async () => {
    await notify();
    await notify();
    const [mail, ...more] = await stage.services.operations.query<{ recipient: string; text: string }[]>(
      "SELECT recipient, text FROM operations.mail WHERE kind = 'provider-connected'",
    );
    expect(more).toEqual([]);
    expect(mail).toMatchObject({
      recipient: 'nora@agency.example',
      text: expect.stringContaining('Google Ads was connected to the organization “The Agency” on WebMetrics'),
    });
  });

  it('is not sent for a disconnected connection, which is an audit event, too', async () => {
    await withdraw();
    await look();
    await stage.ask(nora, DISCONNECT, { id });
    await notify();
    expect(await mails()).toEqual([]);
    expect((await audited()).at(-1)).toBe('connection.disconnected by user');
  });
});

describe('a consent without a required permission', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.close());

  it.each([
    ['google-ads', ['openid', 'email'], 'see your Google Ads campaigns'],
    ['meta-ads', ['public_profile'], 'read your ad accounts and their reports'],
    ['search-console', ['openid', 'email'], 'see your Search Console data'],
  ] as const)('at %s is refused with what is missing, in words for people', async (providerId, scopes, words) => {
    const nora = someone();
    const callback = await stage.simulated.decide(await stage.authorize(nora, providerId), { scopes: [...scopes] });
    const { code, errors } = await stage.finish(nora, providerId, callback);
    expect([code, errors[0].message]).toEqual(['FORBIDDEN', expect.stringContaining(words)]);
    expect(errors[0].message).toContain('leave it ticked');
  });
});
