import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { itInDrills } from '#ops/testing/it-in-drills.js';
import type { SectionSource } from '#reporting/dataset/dataset.js';
import { GraphRequestFailed } from '#runtime/http/graph-client.js';
import { openTestSchedules, type TestSchedules } from './testing/open-test-schedules.js';

const SCHEDULE = `id name version pause nextRuns timeZone language recipients { id email state } owner { id }`;
const CREATE = `
  mutation ($template: ID!, $recurrence: ReportRecurrenceInput!, $recipients: [String!]!, $clientIds: [ID!], $formats: [ReportFormat!]! = [CSV],
    $method: ReportDeliveryMethod! = ATTACHMENT, $onIncomplete: OnIncompleteReport! = HOLD, $isReviewed: Boolean! = false, $name: String,
    $language: String, $currency: String) {
    createReportSchedule(templateId: $template, recurrence: $recurrence, recipients: $recipients, clientIds: $clientIds, formats: $formats,
      deliveryMethod: $method, onIncomplete: $onIncomplete, isReviewed: $isReviewed, name: $name, language: $language, currency: $currency) {
      schedule { ${SCHEDULE} } } }`;
const DELIVERIES = `query ($id: ID!, $first: Int! = 1000) { reportSchedule(id: $id) { deliveries(first: $first) { edges { node {
  id dueAt isExtra state reason isLinkedForSize report { id status } recipients { email state reason attempts } } } } } }`;

const DAILY = { every: 'DAILY', at: '08:00' };
const STALE: SectionSource = {
  ...{ accountId: 'a1', account: 'Ads Nord', provider: 'Google Ads', state: 'STALE', reportedThrough: '2026-10-29' },
  ...{ fetchedAt: '2026-10-30T04:00:00Z', code: 'PROVIDER_UNAVAILABLE', message: 'It is away.' },
};
const CLOSED: SectionSource = {
  ...STALE,
  state: 'MISSING',
  reportedThrough: null,
  code: 'ACCOUNT_CLOSED',
  message: 'It was closed.',
};

type Any = any;

describe('schedules of reports', () => {
  let test: TestSchedules;
  let owner: string;
  let admin: string;

  beforeAll(async () => {
    test = await openTestSchedules();
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    const { organization, clock, mails, rows } = test;
    await rows('TRUNCATE reporting.report_schedule, reporting.report_recipient, reporting.report CASCADE');
    await rows(
      'TRUNCATE operations.mail, operations.mail_file, operations.mail_suppression, operations.mail_decline CASCADE',
    );
    clock.now = new Date('2026-11-02T06:30:00.000Z');
    organization.members.clear();
    organization.timeZone = 'Europe/Berlin';
    organization.clientIds = [];
    organization.failure = null;
    mails.received.length = 0;
    mails.refuse = () => undefined;
    owner = organization.addMember('ANALYST', 'owner@agency.example');
    admin = organization.addMember('ADMIN', 'admin@agency.example');
  });

  const asked = async (query: string, variables: object = {}, userId = owner): Promise<Any> => {
    const { data, errors } = await test.ask(query, test.identity(userId), variables as Record<string, unknown>);
    expect(errors).toBeUndefined();
    return data;
  };
  const refused = async (query: string, variables: object = {}, userId = owner) => {
    const { errors = [] } = await test.ask(query, test.identity(userId), variables as Record<string, unknown>);
    return `${errors[0]?.extensions?.code}: ${errors[0]?.message}`;
  };
  const defaults = { template: 'campaign-performance', recurrence: DAILY, recipients: ['owner@agency.example'] };
  const create = async (given: object = {}): Promise<Any> =>
    (await asked(CREATE, { ...defaults, ...given })).createReportSchedule.schedule;
  const deliveriesOf = async (id: string): Promise<Any[]> =>
    (await asked(DELIVERIES, { id })).reportSchedule.deliveries.edges.map(({ node }: Any) => node);
  const at = (instant: string) => {
    test.clock.now = new Date(instant);
  };
  const runDue = () => test.run('reporting.run-schedules');
  const mailsOf = (kind: string) =>
    test.rows<Any>(
      'SELECT recipient, subject, text FROM operations.mail WHERE kind = $1 ORDER BY created_at, recipient',
      [kind],
    );
  const deliverAt = async (instant: string, made: Parameters<TestSchedules['makeReports']>[0] = {}) => {
    at(instant);
    await runDue();
    await test.makeReports(made);
    await test.deliver();
  };

  it.each([
    ['no recipients', { recipients: [] }, /recipients must name at least one address/],
    ['51 recipients', { recipients: Array.from({ length: 51 }, (_, n) => `a${n}@b.example`) }, /at most 50/],
    [
      'a recipient that forges a header',
      { recipients: ['a@b.example\nBcc: c@d.example'] },
      /recipients\.0 must be one mail address/,
    ],
    ['no format', { formats: [] }, /formats must name at least one/],
    [
      'every minute',
      { recurrence: { every: 'CRON', cron: '* * * * *' } },
      /recurrence\.cron must begin with one minute/,
    ],
    ['six fields', { recurrence: { every: 'CRON', cron: '0 0 9 * * *' } }, /recurrence\.cron must have five fields/],
    ['30 February', { recurrence: { every: 'CRON', cron: '0 9 30 2 *' } }, /names a day that never comes/],
    ['no pattern', { recurrence: { every: 'CRON' } }, /recurrence\.cron must have five fields/],
    ['a time that is none', { recurrence: { every: 'DAILY', at: '24:00' } }, /recurrence\.at must be a time/],
    ['day 32', { recurrence: { every: 'MONTHLY', day: 32 } }, /recurrence\.day must be 1 to 31/],
    ['month 4 of a quarter', { recurrence: { every: 'QUARTERLY', month: 4 } }, /recurrence\.month must be 1 to 3/],
    ['a day of a daily one', { recurrence: { ...DAILY, day: 3 } }, /recurrence\.day must be left out for DAILY/],
    ['an unknown template', { template: 'nothing' }, /NOT_FOUND: There is no report template/],
    ['the client of another organization', { clientIds: [randomUUID()] }, /NOT_FOUND: There is no client/],
    ['a name with an address', { name: 'Go to https://evil.example' }, /name must not contain an address/],
    ['a language there is not', { language: 'xx' }, /language must be one of/],
    ['a currency there is not', { currency: 'Euro' }, /currency/],
  ])('with %s are refused', async (_what, given, problem) => {
    expect(await refused(CREATE, { ...defaults, ...given })).toMatch(problem);
    expect(await test.rows('SELECT FROM reporting.report_schedule')).toEqual([]);
  });

  it('have their next runs on the clock of the organization, also after it moved', async () => {
    const schedule = await create({ recurrence: { every: 'MONTHLY', at: '07:00', day: 31 } });
    expect(schedule.nextRuns).toEqual([
      '2026-11-30T06:00:00.000Z',
      '2026-12-31T06:00:00.000Z',
      '2027-01-31T06:00:00.000Z',
    ]);
    test.organization.timeZone = 'Asia/Kathmandu';
    await test.run('reporting.review-schedules', { organizationId: test.organization.id });
    const { reportSchedule } = await asked(`query ($id: ID!) { reportSchedule(id: $id) { ${SCHEDULE} } }`, {
      id: schedule.id,
    });
    expect(reportSchedule).toMatchObject({ timeZone: 'Asia/Kathmandu' });
    expect(reportSchedule.nextRuns[0]).toBe('2026-11-30T01:15:00.000Z');
  });

  it('run once each, whoever finds them due; after an outage only the latest, and those before are MISSED', async () => {
    const { id } = await create();
    at('2026-11-02T07:00:30.000Z');
    await Promise.all([runDue(), runDue(), runDue()]);
    await runDue();
    expect(await deliveriesOf(id)).toMatchObject([
      { dueAt: '2026-11-02T07:00:00.000Z', state: 'MAKING', isExtra: false },
    ]);
    at('2026-11-06T07:20:00.000Z');
    test.organization.failure = new GraphRequestFailed('It is away', 'SUBGRAPH_UNAVAILABLE');
    await expect(runDue()).rejects.toThrow('Some report schedules could not be run');
    test.organization.failure = null;
    await Promise.all([runDue(), runDue()]);
    const states = (await deliveriesOf(id)).map(({ dueAt, state }) => `${dueAt.slice(8, 13)} ${state}`);
    expect(states).toEqual(['06T07 MAKING', '05T07 MISSED', '04T07 MISSED', '03T07 MISSED', '02T07 MAKING']);
    expect(await test.rows('SELECT FROM reporting.report')).toHaveLength(2);
  });

  it('can be skipped once, run now, paused and resumed, each safe to repeat', async () => {
    const { id, version, nextRuns } = await create();
    const skip =
      'mutation ($id: ID!, $at: DateTime) { skipNextReportRun(scheduleId: $id, dueAt: $at) { schedule { nextRuns } } }';
    const skipped = await asked(skip, { id, at: nextRuns[0] });
    expect(skipped.skipNextReportRun.schedule.nextRuns[0]).toBe(nextRuns[1]);
    expect(await refused(skip, { id, at: nextRuns[0] })).toMatch(`CONFLICT: The next run is due ${nextRuns[1]}`);
    at('2026-11-02T07:10:00.000Z');
    await runDue();
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'SKIPPED', report: null }]);
    const now = 'mutation ($id: ID!) { runReportScheduleNow(scheduleId: $id) { delivery { id isExtra } } }';
    const [first, second] = [await asked(now, { id }), await asked(now, { id })];
    expect(second.runReportScheduleNow.delivery).toEqual({ id: first.runReportScheduleNow.delivery.id, isExtra: true });
    const toggle = (name: string) =>
      asked(`mutation ($id: ID!) { ${name}(scheduleId: $id) { schedule { pause nextRuns version } } }`, { id });
    await toggle('pauseReportSchedule');
    const paused = await toggle('pauseReportSchedule');
    expect(paused.pauseReportSchedule.schedule).toMatchObject({ pause: 'REQUESTED', nextRuns: [] });
    expect(await refused(skip, { id })).toMatch('CONFLICT: This schedule is paused');
    at('2026-11-20T07:10:00.000Z');
    await runDue();
    const resumed = await toggle('resumeReportSchedule');
    expect(resumed.resumeReportSchedule.schedule.nextRuns[0]).toBe('2026-11-21T07:00:00.000Z');
    expect(await deliveriesOf(id)).toHaveLength(2);
    const update =
      'mutation ($id: ID!, $version: Int!) { updateReportSchedule(scheduleId: $id, version: $version, name: "New") { schedule { name } } }';
    expect(await refused(update, { id, version })).toMatch('CONFLICT: This schedule was changed meanwhile');
    expect(await asked(update, { id, version: resumed.resumeReportSchedule.schedule.version })).toMatchObject({});
  });

  it('mail nobody who has not confirmed; one link confirms, and one in each mail ends it', async () => {
    const { organization } = test;
    organization.addMember('VIEWER', 'unverified@agency.example', false);
    const recipients = [
      'Owner@agency.example',
      'customer@shop.example',
      'other@shop.example',
      'unverified@agency.example',
    ];
    const schedule = await create({ recipients, language: 'de', name: 'Schuhe im Herbst' });
    expect(schedule.recipients.map(({ email, state }: Any) => `${email} ${state}`)).toEqual([
      'customer@shop.example PENDING',
      'other@shop.example PENDING',
      'Owner@agency.example CONFIRMED',
      'unverified@agency.example PENDING',
    ]);
    await test.sendMails();
    const asking = test.mails.received.find(({ to }) => to[0] === 'customer@shop.example');
    expect(asking?.parsed.subject).toBe('Harbour Agency möchte Ihnen Berichte senden');
    expect(asking?.parsed.text).toContain('„Schuhe im Herbst“');
    const link = (text: string | undefined, page: string) =>
      new URL(new RegExp(`\\S+/${page}\\?token=\\S+`).exec(text ?? '')?.[0] ?? '').searchParams.get('token');
    const token = link(asking?.parsed.text, 'confirm-reports');
    const act = async (name: string, given: string | null) =>
      test.ask(
        `mutation ($token: String!) { ${name}(token: $token) }`,
        { kind: 'anonymous', scopes: [], requestId: 'x' },
        { token: given },
      );
    expect((await act('confirmReportRecipient', 'wmr_wrong')).errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    for (let click = 0; click < 2; click++) expect((await act('confirmReportRecipient', token)).errors).toBeUndefined();

    await deliverAt('2026-11-02T07:00:00.000Z', { title: 'Schuhe im Herbst', language: 'de' });
    await test.sendMails();
    const [delivery] = await deliveriesOf(schedule.id);
    expect(delivery.state).toBe('SENT');
    expect(delivery.recipients.map(({ email, state }: Any) => `${email} ${state}`)).toEqual([
      'Owner@agency.example SENT',
      'customer@shop.example SENT',
      'other@shop.example UNCONFIRMED',
      'unverified@agency.example UNCONFIRMED',
    ]);
    // The second customer asks for nothing, and gets no second mail that asks.
    expect(await mailsOf('report-recipient')).toHaveLength(3);

    const report = test.mails.received.find(
      ({ to, parsed }) => to[0] === 'customer@shop.example' && parsed.attachments.length > 0,
    );
    const ending = link(report?.parsed.text, 'stop-reports');
    expect(report?.parsed.headers.get('list')).toMatchObject({
      unsubscribe: { url: expect.stringContaining(ending as string) },
    });
    for (let click = 0; click < 2; click++) expect((await act('declineReports', ending)).errors).toBeUndefined();
    await deliverAt('2026-11-03T07:00:00.000Z');
    const [next] = await deliveriesOf(schedule.id);
    expect(next.recipients.map(({ email, state }: Any) => `${email} ${state}`)).toContain(
      'customer@shop.example UNCONFIRMED',
    );
    const add =
      'mutation ($id: ID!, $email: String!) { addReportRecipient(scheduleId: $id, email: $email) { recipient { state } } }';
    expect(await refused(add, { id: schedule.id, email: 'CUSTOMER@shop.example' })).toMatch(
      'CONFLICT: The address CUSTOMER@shop.example has declined',
    );
    expect((await act('confirmReportRecipient', token)).errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    const trail = await test.rows<Any>(
      "SELECT action FROM operations.audit_event WHERE action LIKE 'report-recipient.%' AND organization_id = $1",
      [organization.id],
    );
    expect(trail.map(({ action }) => action)).toEqual(['report-recipient.confirmed', 'report-recipient.declined']);
  });

  itInDrills(
    'attach the files, with names in any script, once per recipient, whoever delivers and however often',
    async () => {
      const titles = ['Bericht für Bäcker & Söhne: März/April', 'تقرير الأداء أكتوبر', '業績レポート 🎉 十月'];
      const languages = ['de', 'ar', 'en'] as const;
      for (const [index, title] of titles.entries()) {
        const formats = index === 2 ? ['CSV', 'PDF', 'XLSX'] : ['CSV'];
        await create({ name: `Schedule ${index}`, recurrence: { every: 'DAILY', at: `08:0${index}` }, formats });
        at(`2026-11-02T07:0${index}:00.000Z`);
        await runDue();
        await test.makeReports({ title, language: languages[index] });
      }
      const making = await test.rows<{ id: string }>('SELECT id FROM reporting.report_delivery');
      for (const { id: deliveryId } of making) {
        await Promise.all([1, 2, 3].map(() => test.run('reporting.deliver-report', { key: deliveryId, deliveryId })));
      }
      await test.deliver();
      await test.sendMails();
      const parsed = test.mails.received
        .map((mail) => mail.parsed)
        .sort((one, other) => (String(one.subject) < String(other.subject) ? -1 : 1));
      expect(
        parsed.map(({ subject, attachments }) => ({ subject, names: attachments.map(({ filename }) => filename) })),
      ).toEqual([
        { subject: titles[0], names: ['Bericht für Bäcker & Söhne- März-April.csv'] },
        { subject: `\u2068${titles[1]}\u2069`.replace(/[\u2068\u2069]/g, ''), names: ['تقرير الأداء أكتوبر.csv'] },
        { subject: titles[2], names: ['pdf', 'xlsx', 'csv'].map((format) => `業績レポート 🎉 十月.${format}`) },
      ]);
      for (const { attachments, html } of parsed) {
        expect(attachments.at(-1)?.content.toString()).toContain('Campaign 1');
        expect(html).toContain('Harbour Agency');
      }
      expect(parsed[1]?.html).toContain('dir="rtl"');
      expect(parsed[2]?.attachments[0]?.content.subarray(0, 5).toString()).toBe('%PDF-');
      expect(parsed[2]?.attachments[1]?.content.subarray(0, 2).toString()).toBe('PK');
      expect(await test.rows('SELECT FROM operations.mail_file')).toEqual([]);
    },
  );

  itInDrills('link to the report where the files are too large for a mail, and say so', async () => {
    const { id } = await create();
    await deliverAt('2026-11-02T07:00:00.000Z', { rowCount: 250_000 });
    const [delivery] = await deliveriesOf(id);
    expect(delivery).toMatchObject({ state: 'SENT', isLinkedForSize: true });
    const [mail] = await mailsOf('report');
    expect(mail.text).toContain('The files are too large for a mail');
    expect(mail.text).toMatch(/Open the report:\n\S+\/shared\/\S+/);
  });

  it('hold an incomplete report back and tell the owner, or send it with a note', async () => {
    const held = await create({ name: 'Held' });
    const noted = await create({ name: 'Noted', onIncomplete: 'SEND_WITH_NOTE' });
    await deliverAt('2026-11-02T07:00:00.000Z', { sources: [STALE] });
    const [delivery] = await deliveriesOf(held.id);
    expect(delivery).toMatchObject({ state: 'HELD', reason: 'The report is not complete: Ads Nord.', recipients: [] });
    expect((await deliveriesOf(noted.id))[0]).toMatchObject({ state: 'SENT' });
    const [note] = await mailsOf('report');
    expect(note.text).toMatch(/Please note: it is not complete\.[\s\S]*Ads Nord/);
    const [told] = await mailsOf('report-schedule');
    expect(told).toMatchObject({ recipient: 'owner@agency.example', subject: 'Report held back: “Held”' });
    await deliverAt('2026-11-03T07:00:00.000Z', { sources: [CLOSED] });
    expect((await deliveriesOf(held.id))[0]).toMatchObject({ state: 'SENT' });
    const approve =
      'mutation ($id: ID!) { approveReportDelivery(deliveryId: $id) { delivery { state decidedBy { id } } } }';
    for (let click = 0; click < 2; click++) {
      expect(await asked(approve, { id: delivery.id })).toEqual({
        approveReportDelivery: { delivery: { state: 'SENDING', decidedBy: { id: owner } } },
      });
    }
    await test.deliver();
    expect((await deliveriesOf(held.id))[1]).toMatchObject({ state: 'SENT', reason: null });
    expect(await refused(approve, { id: randomUUID() })).toMatch('NOT_FOUND');
  });

  it('wait for review where that is wanted: approved they are sent, rejected they are not', async () => {
    const { id } = await create({ isReviewed: true });
    for (const day of ['02', '03']) await deliverAt(`2026-11-${day}T07:00:00.000Z`);
    const [second, first] = await deliveriesOf(id);
    expect([first.state, second.state]).toEqual(['WAITING_REVIEW', 'WAITING_REVIEW']);
    expect(await mailsOf('report-schedule')).toMatchObject(
      [{ subject: /^Report to review/ }, { subject: /^Report to review/ }].map(() => ({})),
    );
    const decide = (name: string, deliveryId: string) =>
      test.ask(
        `mutation ($id: ID!) { ${name}ReportDelivery(deliveryId: $id) { delivery { state } } }`,
        test.identity(owner),
        { id: deliveryId },
      );
    await decide('reject', first.id);
    expect((await decide('reject', first.id)).errors).toBeUndefined();
    expect((await decide('approve', first.id)).errors?.[0]?.extensions?.code).toBe('CONFLICT');
    await decide('approve', second.id);
    await test.deliver();
    expect((await deliveriesOf(id)).map(({ state }) => state)).toEqual(['SENT', 'REJECTED']);
    expect(await mailsOf('report')).toHaveLength(1);
  });

  it('tell the owner once that a recipient bounced, and say in the log why', async () => {
    const { id } = await create({ recipients: ['owner@agency.example', 'gone@shop.example'] });
    await test.rows("UPDATE reporting.report_recipient SET state = 'CONFIRMED'");
    test.mails.refuse = (step, address) =>
      step === 'RCPT' && address === 'gone@shop.example' ? { code: 550, text: '5.1.1 No such user' } : undefined;
    // The mail that asked is not what bounces here.
    await test.rows('DELETE FROM operations.mail');
    for (const day of ['02', '03', '04']) {
      await deliverAt(`2026-11-${day}T07:00:00.000Z`);
      await test.sendMails();
      await test.deliver();
    }
    const states = (await deliveriesOf(id)).map(({ recipients }) =>
      recipients.map(({ email, state }: Any) => `${email} ${state}`),
    );
    expect(states).toEqual([
      ['gone@shop.example SUPPRESSED', 'owner@agency.example SENT'],
      ['gone@shop.example SUPPRESSED', 'owner@agency.example SENT'],
      ['gone@shop.example BOUNCED', 'owner@agency.example SENT'],
    ]);
    const [, , first] = await deliveriesOf(id);
    expect(first.recipients[0].reason).toContain('No such user');
    expect(await mailsOf('report-schedule')).toHaveLength(1);
    const [told] = test.mails.received.filter(({ parsed }) => parsed.subject?.startsWith('Report did not arrive'));
    expect(told?.parsed.text).toMatch(/A report to gone@shop\.example did not arrive\.[\s\S]*No such user/);
    // The log keeps what the outbox has forgotten.
    await test.rows('DELETE FROM operations.mail');
    expect((await deliveriesOf(id))[2].recipients[0]).toMatchObject({ state: 'BOUNCED', attempts: 1 });
  });

  it('say why nothing was delivered: a report that failed, was cancelled or deleted, or that nobody may get', async () => {
    const { id } = await create();
    const outcomes: [string, string][] = [
      [
        "UPDATE reporting.report SET status = 'FAILED', failure_code = 'FORBIDDEN', failure_message = 'It was denied.' WHERE status = 'QUEUED'",
        'It was denied.',
      ],
      ["UPDATE reporting.report SET status = 'CANCELLED' WHERE status = 'QUEUED'", 'The report was cancelled.'],
      ["DELETE FROM reporting.report WHERE status = 'QUEUED'", 'The report was deleted.'],
    ];
    for (const [index, [sql, reason]] of outcomes.entries()) {
      at(`2026-11-0${index + 2}T07:00:00.000Z`);
      await runDue();
      await test.rows(sql);
      await test.deliver();
      expect((await deliveriesOf(id))[0]).toMatchObject({ state: 'FAILED', reason });
    }
    // The only recipient left the organization, and with that what confirmed the address.
    test.organization.members.delete(owner);
    await test.rows('UPDATE reporting.report_schedule SET owner_id = $1', [admin]);
    await deliverAt('2026-11-05T07:00:00.000Z');
    const [last] = await asked(DELIVERIES, { id }, admin).then(({ reportSchedule }) => reportSchedule.deliveries.edges);
    expect(last.node).toMatchObject({ state: 'FAILED', reason: expect.stringContaining('None of its recipients') });
    expect((await mailsOf('report-schedule')).map(({ recipient }) => recipient)).toEqual([
      'owner@agency.example',
      'owner@agency.example',
      'owner@agency.example',
      'admin@agency.example',
    ]);
  });

  it('are paused, and administrators told once, when the owner has left or lost the role; another owner resumes them', async () => {
    const { id } = await create({ recipients: ['admin@agency.example'] });
    const review = () => test.run('reporting.review-schedules', { organizationId: test.organization.id });
    await review();
    test.organization.members.set(owner, {
      role: 'VIEWER',
      email: 'owner@agency.example',
      isVerified: true,
      clientIds: null,
    });
    at('2026-11-02T07:00:00.000Z');
    await Promise.all([runDue(), review(), review()]);
    const read = async () =>
      (await asked(`query ($id: ID!) { reportSchedule(id: $id) { ${SCHEDULE} } }`, { id }, admin)).reportSchedule;
    expect(await read()).toMatchObject({ pause: 'OWNER_LEFT', nextRuns: [] });
    expect(await mailsOf('report-schedule')).toMatchObject([{ recipient: 'admin@agency.example' }]);
    const resume = 'mutation ($id: ID!) { resumeReportSchedule(scheduleId: $id) { schedule { pause } } }';
    expect(await refused(resume, { id }, admin)).toMatch('CONFLICT: Its owner cannot own schedules any more');
    const newOwner = test.organization.addMember('ANALYST', 'new@agency.example');
    const update =
      'mutation ($id: ID!, $version: Int!, $owner: ID!) { updateReportSchedule(scheduleId: $id, version: $version, ownerId: $owner) { schedule { version } } }';
    const { version } = await read();
    expect(await refused(update, { id, version, owner: newOwner }, newOwner)).toMatch('FORBIDDEN');
    const viewer = test.organization.addMember('VIEWER', 'viewer@agency.example');
    expect(await refused(update, { id, version, owner: viewer }, admin)).toMatch(
      'ownerId must be a member with at least',
    );
    expect(await refused(update, { id, version, owner: randomUUID() }, admin)).toMatch('NOT_FOUND');
    await asked(update, { id, version, owner: newOwner }, admin);
    expect(await asked(resume, { id }, newOwner)).toEqual({ resumeReportSchedule: { schedule: { pause: null } } });
  });

  it('are paused with the reason when their template or a client is deleted', async () => {
    const clientId = randomUUID();
    test.organization.clientIds = [clientId];
    const [template] = await test.rows<{ id: string }>(
      `INSERT INTO reporting.report_template (organization_id, name, description, version, definition, created_at, updated_at)
       SELECT $1, 'Own', 'Own', 1, '{"sections": []}', now(), now() RETURNING id`,
      [test.organization.id],
    );
    const own = await create({ template: template?.id, name: 'Own' });
    const limited = await create({ clientIds: [clientId.toUpperCase()], name: 'Limited' });
    await test.rows('UPDATE reporting.report_template SET archived_at = now()');
    test.organization.clientIds = [];
    at('2026-11-02T07:00:00.000Z');
    await runDue();
    const read = async (id: string) =>
      (
        await asked(`query ($id: ID!) { reportSchedule(id: $id) { pause deliveries { edges { node { id } } } } }`, {
          id,
        })
      ).reportSchedule;
    expect(await read(own.id)).toEqual({ pause: 'TEMPLATE_DELETED', deliveries: { edges: [] } });
    expect(await read(limited.id)).toEqual({ pause: 'CLIENT_DELETED', deliveries: { edges: [] } });
    expect(await mailsOf('report-schedule')).toHaveLength(2);
    const resume = 'mutation ($id: ID!) { resumeReportSchedule(scheduleId: $id) { schedule { pause } } }';
    expect(await refused(resume, { id: own.id })).toMatch('CONFLICT: Its template was deleted');
    expect(await refused(resume, { id: limited.id })).toMatch('CONFLICT: One of its clients was deleted');
  });

  it('of a month run on each day they should, over summer time, a move and an outage', async () => {
    at('2026-10-01T00:00:00.000Z');
    const kinds = {
      daily: { every: 'DAILY', at: '02:30' },
      weekly: { every: 'WEEKLY', at: '08:00', weekday: 'FRIDAY' },
      monthly: { every: 'MONTHLY', at: '08:00', day: 31 },
      quarterly: { every: 'QUARTERLY', at: '08:00', day: 5, month: 1 },
      cron: { every: 'CRON', cron: '0 9 * * MON-FRI' },
    };
    const ids: Record<string, string> = {};
    for (const [name, recurrence] of Object.entries(kinds)) ids[name] = (await create({ name, recurrence })).id;
    for (let hour = 0; hour < 31 * 24; hour++) {
      at(new Date(Date.UTC(2026, 9, 1, 1 + hour)).toISOString());
      const day = test.clock.now.getUTCDate();
      if (day === 14 || day === 15) continue;
      if (hour === 27 * 24) {
        test.organization.timeZone = 'America/New_York';
        await test.run('reporting.review-schedules', { organizationId: test.organization.id });
      }
      await runDue();
    }
    const month: Record<string, string[]> = {};
    for (const [name, id] of Object.entries(ids)) {
      const deliveries = (await deliveriesOf(id)).reverse();
      month[name] = deliveries.map(({ dueAt, state }) => `${dueAt.slice(8, 16)}${state === 'MISSED' ? ' missed' : ''}`);
    }
    const days = (first: number, last: number, time: string, more = '') =>
      Array.from(
        { length: last - first + 1 },
        (_, index) => `${String(first + index).padStart(2, '0')}T${time}${more}`,
      );
    const workdays = (list: string[]) =>
      list.filter((run) => new Date(Date.UTC(2026, 9, Number(run.slice(0, 2)))).getUTCDay() % 6 !== 0);
    expect(month).toEqual({
      // 02:30 in Berlin comes twice on the 25th; the run of the 14th was due while nothing ran, that of the 15th as well, but is the latest.
      daily: [
        ...days(1, 13, '00:30'),
        '14T00:30 missed',
        ...days(15, 25, '00:30'),
        ...days(26, 27, '01:30'),
        ...days(28, 31, '06:30'),
      ],
      weekly: ['02T06:00', '09T06:00', '16T06:00', '23T06:00', '30T12:00'],
      monthly: ['31T12:00'],
      quarterly: ['05T06:00'],
      cron: workdays([
        ...days(1, 13, '07:00'),
        '14T07:00 missed',
        ...days(15, 25, '07:00'),
        ...days(26, 27, '08:00'),
        ...days(28, 31, '13:00'),
      ]),
    });
  });
});
