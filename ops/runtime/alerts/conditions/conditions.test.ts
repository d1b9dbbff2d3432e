import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { InstallationFigures } from '#runtime/health/installation-figures.js';
import type { CheckFailure } from '#runtime/health/readiness.js';
import { type ConnectionFigures, watchConnections } from '#runtime/telemetry/observe-connections.js';
import { watchInstallation } from '#runtime/telemetry/observe-installation.js';
import { watchQueue } from '#runtime/telemetry/observe-jobs.js';
import { watchMachine } from '#runtime/telemetry/observe-machine.js';
import type { Condition } from './condition.js';
import { gatewayUnreachable } from './gateway-unreachable.js';
import { clockWrong, installation } from './installation.js';
import { certificateEnding, diskAlmostFull } from './machine.js';
import { providerFailing, tokensNotRenewed } from './providers.js';
import { jobsGivenUp, queueOld } from './queue.js';
import { reachability } from './reachability.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const ago = (ms: number) => new Date(Date.now() - ms);
const messagesOf = async (condition: Condition) => (await condition.evaluate())?.map(({ message }) => message);

afterEach(() => {
  for (const watch of [watchConnections, watchInstallation, watchQueue, watchMachine]) watch(undefined);
  jest.useRealTimers();
});

describe('the conditions of an installation', () => {
  const well: InstallationFigures = {
    backups: {
      everyHours: 6,
      lastBackup: { finishedAt: ago(HOUR_MS).toISOString(), file: 'f', bytes: 1, rows: 1 },
      isLastBackupOk: true,
      lastVerifiedRestore: { finishedAt: ago(HOUR_MS).toISOString(), recoverySeconds: 1, recoveryPointSeconds: 1 },
      isLastRestoreOk: true,
    },
    mail: { counts: { QUEUED: 3, SENT: 0, BOUNCED: 0, SUPPRESSED: 0, FAILED: 0 }, oldestQueuedSince: ago(MINUTE_MS) },
    audit: { finishedAt: ago(HOUR_MS), problems: 0 },
    clockAheadSeconds: 0.2,
    watchedSince: ago(HOUR_MS),
  };
  const holding = async (change: Partial<InstallationFigures>) => {
    watchInstallation(async () => ({ ...well, ...change }));
    const found: string[] = [];
    for (const condition of [...installation, clockWrong('host-1')]) {
      if ((await condition.evaluate())?.length) found.push(condition.name);
    }
    return found;
  };
  const backups = (change: Partial<InstallationFigures['backups']>) => ({ backups: { ...well.backups, ...change } });
  const lastBackup = (ms: number) => ({ finishedAt: ago(ms).toISOString(), file: null, bytes: null, rows: null });
  const lastDrill = (ms: number) => ({ ...well.backups.lastVerifiedRestore!, finishedAt: ago(ms).toISOString() });
  const mailOf = (ms: number) => ({ mail: { ...well.mail, oldestQueuedSince: ago(ms) } });

  it.each<[string, Partial<InstallationFigures>, string[]]>([
    ['nothing', {}, []],
    [
      'a fresh one',
      { audit: null, ...backups({ lastBackup: null, isLastBackupOk: null, lastVerifiedRestore: null }) },
      [],
    ],
    ['a mail of 14 minutes', mailOf(14 * MINUTE_MS), []],
    ['a mail of 16 minutes', mailOf(16 * MINUTE_MS), ['mail-waiting']],
    [
      'no backup for 13 hours',
      { ...backups({ lastBackup: null, isLastBackupOk: null }), watchedSince: ago(13 * HOUR_MS) },
      ['backup-overdue'],
    ],
    ['a backup of 11 hours', backups({ lastBackup: lastBackup(11 * HOUR_MS) }), []],
    ['a backup of 13 hours', backups({ lastBackup: lastBackup(13 * HOUR_MS) }), ['backup-overdue']],
    ['a backup that failed', backups({ isLastBackupOk: false }), ['backup-failed']],
    ['a drill of 47 hours', backups({ lastVerifiedRestore: lastDrill(47 * HOUR_MS) }), []],
    ['a drill of 49 hours', backups({ lastVerifiedRestore: lastDrill(49 * HOUR_MS) }), ['restore-drill-overdue']],
    ['a drill that failed', backups({ isLastRestoreOk: false }), ['restore-drill-failed']],
    ['a changed trail', { audit: { finishedAt: ago(0), problems: 1 } }, ['audit-trail-damaged']],
    [
      'trails verified 4 hours ago',
      { audit: { finishedAt: ago(4 * HOUR_MS), problems: 0 } },
      ['audit-verification-overdue'],
    ],
    ['a clock that is behind', { clockAheadSeconds: -6 }, ['clock-wrong']],
  ])('of %s', async (_what, change, names) => {
    expect(await holding(change)).toEqual(names);
  });

  it('are not known without figures', async () => {
    watchInstallation(() => Promise.reject(new Error('away')));
    for (const condition of [...installation, clockWrong('host-1')]) {
      expect(await condition.evaluate()).toBeUndefined();
    }
    for (const condition of [jobsGivenUp, queueOld, providerFailing, tokensNotRenewed, certificateEnding]) {
      expect(await condition.evaluate()).toBeUndefined();
    }
  });
});

it('the queue is old after five minutes, and jobs given up are named', async () => {
  const kind = { name: 'reporting.generate', waiting: 1, running: 0, dead: 0 };
  watchQueue(async () => [{ ...kind, oldestWaitingSince: ago(4 * MINUTE_MS) }]);
  expect([await queueOld.evaluate(), await jobsGivenUp.evaluate()]).toEqual([[], []]);
  const oldestWaitingSince = ago(6 * MINUTE_MS);
  watchQueue(async () => [
    { ...kind, dead: 2, oldestWaitingSince },
    { ...kind, name: 'mail.trim' },
  ]);
  expect(await queueOld.evaluate()).toEqual([
    {
      message: 'Due jobs wait for more than five minutes: reporting.generate.',
      since: new Date(oldestWaitingSince.getTime() + 5 * MINUTE_MS),
    },
  ]);
  expect(await messagesOf(jobsGivenUp)).toEqual(['Jobs were given up, and wait at /jobs: 2 of reporting.generate.']);
});

it('a provider fails for many: three organizations, and a fifth of those connected', async () => {
  const figures = (provider: string, organizations: number, failingOrganizations: number): ConnectionFigures => ({
    provider,
    byStatus: {},
    organizations,
    failingOrganizations,
    overdueTokens: organizations === 10 ? 2 : 0,
  });
  watchConnections(async () => [figures('x', 2, 2), figures('meta-ads', 100, 19), figures('google-ads', 10, 3)]);
  expect(await providerFailing.evaluate()).toMatchObject([{ subject: 'google-ads' }]);
  expect(await messagesOf(tokensNotRenewed)).toEqual([expect.stringMatching(/^2 access tokens of google-ads ended/)]);
});

it('a disk is almost full below a tenth, and a certificate ends within 14 days', async () => {
  const day = 24 * HOUR_MS;
  watchMachine(async () => ({
    folders: [
      { folder: 'data', freeShare: 0.099 },
      { folder: 'backups', freeShare: undefined },
    ],
    certificates: [
      { host: 'a.example.com', endsAt: ago(-13 * day) },
      { host: 'b.example.com', endsAt: ago(-15 * day) },
      { host: 'c.example.com', endsAt: undefined },
    ],
  }));
  expect(await messagesOf(diskAlmostFull('host-1'))).toEqual([
    'The disk of the folder for data on host-1 has 9.9 % left.',
  ]);
  expect(await certificateEnding.evaluate()).toMatchObject([{ subject: 'a.example.com' }]);
});

describe('what cannot be reached', () => {
  const second = (number: number) => new Date(Date.UTC(2026, 10, 30) + 1_000 * number);
  const failure = (check: string, since: number, until?: number): CheckFailure => ({
    check,
    since: second(since),
    until: until === undefined ? undefined : second(until),
    reason: 'connect ECONNREFUSED',
  });
  async function namesOf(conditions: Condition[]) {
    const found: string[] = [];
    for (const { name, evaluate } of conditions) {
      for (const { subject, until } of (await evaluate()) ?? [])
        found.push([name, subject, until && 'over'].filter(Boolean).join(' '));
    }
    return found;
  }

  it('is what a readiness check says; a failure that is over is found once', async () => {
    jest.useFakeTimers({ now: second(0) });
    let failures: CheckFailure[] = [];
    const conditions = reachability({ failures: () => failures });
    jest.setSystemTime(second(100));
    expect(await namesOf(conditions)).toEqual([]);
    failures = ['database', 'jobs', 'cache', 'auth', 'supergraph'].map((check) => failure(check, 90));
    const all = ['database-unreachable', 'queue-unreachable', 'redis-unreachable', 'subgraph-unreachable auth'];
    expect(await namesOf(conditions)).toEqual(all);
    failures = [failure('billing', 91, 95)];
    expect(await namesOf(conditions)).toEqual(['subgraph-unreachable billing over']);
    expect(await namesOf(conditions)).toEqual([]);
    failures = [failure('billing', 110, 115)];
    expect(await namesOf(conditions)).toEqual(['subgraph-unreachable billing over']);
  });

  it('is no outage at a start, for two minutes', async () => {
    jest.useFakeTimers({ now: second(0) });
    const conditions = reachability({ failures: () => [failure('auth', -5), failure('billing', -5, 10)] });
    jest.setSystemTime(second(119));
    expect(await namesOf(conditions)).toEqual([]);
    jest.setSystemTime(second(121));
    expect(await namesOf(conditions)).toEqual(['subgraph-unreachable auth']);
  });

  it('is the gateway when it did not answer twice, since the first time', async () => {
    jest.useFakeTimers({ now: second(0) });
    let asked = '';
    let isAway = true;
    const http = {
      send: async ({ url }: { url: string }) => {
        asked = url;
        if (isAway) throw new Error('connect ECONNREFUSED');
      },
    };
    const condition = gatewayUnreachable('http://gateway:8080/graphql', http as never);
    expect([await condition.evaluate(), await condition.evaluate()]).toEqual([[], []]);
    isAway = false;
    expect(await condition.evaluate()).toEqual([]);
    expect(asked).toBe('http://gateway:8080/health');
    isAway = true;
    jest.setSystemTime(second(10));
    expect(await condition.evaluate()).toEqual([]);
    jest.setSystemTime(second(20));
    expect(await condition.evaluate()).toMatchObject([{ since: second(10) }]);
    isAway = false;
    expect(await condition.evaluate()).toEqual([]);
  });
});
