import { describe, expect, it, jest } from '@jest/globals';
import { parseConfig } from '#runtime/config/config.js';
import { type Check, type CheckContext, serviceTimeoutMs } from './check.js';
import { examine } from './examine.js';
import { ok, problem } from './finding.js';
import { judgeLoad } from './host-load.js';
import { countFindings, examinationAsText, reportAsJson, verdictAsText } from './report.js';

const plain = (_colour: string, text: string) => text;

const reportAsText = (found: Awaited<ReturnType<typeof examine>>, isGoLive: boolean) =>
  found.map((examination) => examinationAsText(examination, plain)).join('') + verdictAsText(found, isGoLive, plain);

const contextWith = (environment: Record<string, string> = {}): Omit<CheckContext, 'signal'> => ({
  environment,
  problems: [],
  config: parseConfig({}),
  isProduction: false,
  isGoLive: false,
  databaseUrl: undefined,
  envFile: '.env',
  subgraphNames: [],
  migrations: {},
  sealedColumns: [],
  findSubgraphProblems: () => [],
});

const check = (name: string, run: Check['run']): Check => ({ name, run });

describe('examine', () => {
  it('reports a check that hangs as a problem at the deadline', async () => {
    let ended: AbortSignal | undefined;
    const hanging = check('Hanging', ({ signal }) => {
      ended = signal;
      return new Promise(() => {});
    });
    const fine = check('Fine', async () => [ok('here')]);
    const found = await examine([hanging, fine], contextWith(), 20, { describeLoad: () => undefined });
    expect(found.map(({ name, findings }) => [name, findings[0]?.level])).toEqual([
      ['Hanging', 'problem'],
      ['Fine', 'ok'],
    ]);
    expect(ended?.aborted).toBe(true);
  });

  describe('on a busy machine', () => {
    const describeLoad = () => 'load 9.0 on 2 processors';
    const levelsOf = (found: Awaited<ReturnType<typeof examine>>) =>
      found.map(({ name, findings }) => [name, findings.map(({ level }) => level)]);

    it('says slow of what answers when it is asked alone, with more time', async () => {
      let time = 0;
      const clock = jest.spyOn(performance, 'now').mockImplementation(() => (time += 100));
      const tries: Record<string, number[]> = {};
      let running = 0;
      const slow = (name: string) =>
        check(name, async ({ signal }) => {
          tries[name] = [...(tries[name] ?? []), serviceTimeoutMs()];
          if (tries[name].length === 1)
            return new Promise((_resolve, reject) => signal.addEventListener('abort', reject));
          running += 1;
          expect(running).toBe(1);
          await Promise.resolve();
          running -= 1;
          return [ok('here')];
        });
      const found = await examine([slow('One'), slow('Two')], contextWith(), 20, { describeLoad });
      clock.mockRestore();
      expect(levelsOf(found)).toEqual([
        ['One', ['ok', 'warning']],
        ['Two', ['ok', 'warning']],
      ]);
      expect(found[0]?.findings[1]?.message).toMatch(/^Slow, not broken: .* after 1 s \(load 9\.0 on 2 processors\)$/);
      expect(tries).toEqual({ One: [4_000, 20_000], Two: [4_000, 20_000] });
    });

    it('says broken of what does not answer at the second try either, and of what is refused at once', async () => {
      let refusals = 0;
      const refusing = check('Refusing', async () => {
        refusals += 1;
        return [problem('refused', 'correct it')];
      });
      const hanging = check('Hanging', () => new Promise(() => {}));
      const found = await examine([hanging, refusing], contextWith(), 20, { describeLoad });
      expect(levelsOf(found)).toEqual([
        ['Hanging', ['problem']],
        ['Refusing', ['problem']],
      ]);
      expect(found[0]?.findings[0]?.message).toContain('within 0.1 seconds');
      expect(refusals).toBe(1);
    });

    it.each<[number, number, number, boolean]>([
      [0.5, 2, 20, false],
      [2.9, 2, 249, false],
      [3, 2, 20, true],
      [0.5, 2, 250, true],
    ])('which load %d on %d processors and turns that are %d ms late are: %s', (load, processors, delayMs, isBusy) => {
      expect(judgeLoad(load, processors, delayMs) !== undefined).toBe(isBusy);
    });
  });

  it('reports a check that throws as a problem', async () => {
    const failing = check('Failing', () => Promise.reject(new Error('unexpected failure')));
    const found = await examine([failing], contextWith(), 1000);
    expect(found).toEqual([{ name: 'Failing', findings: [expect.objectContaining({ level: 'problem' })] }]);
    expect(found[0]?.findings[0]?.message).toContain('unexpected failure');
  });

  it('leaves out checks without findings', async () => {
    expect(await examine([check('Nothing', async () => [])], contextWith(), 1000)).toEqual([]);
  });

  it('reports each check when it has finished, and which are still running', async () => {
    let end: (findings: []) => void = () => {};
    const slow = check(
      'Slow',
      () =>
        new Promise((resolve) => {
          end = resolve;
        }),
    );
    const quick = check('Quick', async () => [ok('here')]);
    const heard: unknown[] = [];
    const listener = {
      onFinished: ({ name }: { name: string }) => void heard.push(name),
      onRunning: (names: string[]) => {
        heard.push(names);
        if (names.length === 1) end([]);
      },
    };
    await examine([slow, quick], contextWith(), 1000, { listener });
    expect(heard).toEqual([['Slow', 'Quick'], 'Quick', ['Slow'], []]);
  });

  it('removes secrets from every message', async () => {
    const environment = {
      JWT_SECRET: 'jwt-secret-value',
      DATABASE_URL: 'postgres://user:p%40ssword@db/webmetrics',
      MONGODB_URL: 'mongodb://user:mongo-password@one:1,two:2/db',
      GOOGLE_CLIENT_SECRET: 'google-secret',
      SENTRY_DSN: 'https://sentry-key@sentry.acme.io/1',
    };
    const chatty = check('Chatty', async () => [
      problem(`It said: ${Object.values(environment).join(' ')}`, `p@ssword p%40ssword mongo-password`),
      ok('user google-secret'),
    ]);
    const found = await examine([chatty], contextWith(environment), 1000);
    const everything = JSON.stringify(found) + reportAsText(found, false) + reportAsJson(found, false);
    for (const secret of ['jwt-secret', 'p@ssword', 'p%40ssword', 'mongo-password', 'google-secret', 'sentry-key']) {
      expect(everything).not.toContain(secret);
    }
    expect(everything).toContain('user …');
  });

  it('is reported as text and as JSON', async () => {
    const mixed = check('Mixed', async () => [
      ok('good'),
      { level: 'warning', message: 'so so', advice: 'look' },
      problem('bad', 'do this'),
    ]);
    const found = await examine([mixed], contextWith(), 1000);
    expect(countFindings(found)).toEqual({ ok: 1, warning: 1, problem: 1 });
    expect(reportAsText(found, true)).toBe(
      'Mixed\n  ✓ good\n  ! so so\n      look\n  ✗ bad\n      do this\n\n1 problem, 1 warning, 1 fine. Not ready to go live.\n',
    );
    expect(JSON.parse(reportAsJson(found, true))).toEqual({
      healthy: false,
      goLive: true,
      counts: { ok: 1, warning: 1, problem: 1 },
      checks: found,
    });
  });
});
