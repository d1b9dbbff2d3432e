import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { FileRequest } from '#kit/file-answer.js';
import { eventually } from '#ops/testing/eventually.js';
import { itInDrills } from '#ops/testing/it-in-drills.js';
import { isRunning, processesBelow } from '#ops/testing/processes-below.js';
import { jobContext } from '#reporting/context.js';
import type { Row } from '#reporting/dataset/dataset.js';
import { openDataset } from '#reporting/dataset/open-dataset.js';
import { column, memoryDataset } from '#reporting/testing/memory-dataset.js';
import { member, openTestReporting, type TestReporting } from '#reporting/testing/open-test-reporting.js';
import { storeDataset } from '#reporting/testing/store-dataset.js';
import { projectRoot } from '#runtime/process/project-root.js';
import { RenderHost, renderHostOf } from './render-host.js';
import type { Format, Presentation } from './renderer.js';

const COLUMNS = [
  column('campaign', 'TEXT'),
  column('currency', 'ID'),
  column('cost', 'MONEY'),
  column('clicks', 'INTEGER'),
];
const ROWS = Array.from(
  { length: 3_000 },
  (_, index): Row => [`=Campaign ${index}, حملة`, 'EUR', `${index}.5`, `${index}`],
);

// Nothing in it can be compressed, so that pipes cannot hold the file.
const LARGE = Array.from(
  { length: 15_000 },
  (_, index): Row => [randomBytes(96).toString('base64'), 'EUR', `${index}`, '1'],
);

let reporting: TestReporting;
let folder: string;
const owner = member();
const ids = { ready: '', small: '', queued: '', failed: '', large: '' };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'report-files-'));
  reporting = await openTestReporting();
  const order = async () => {
    const { data } = await reporting.order(owner);
    return (data as { generateReport: { report: { id: string } } }).generateReport.report.id;
  };
  for (const name of ['ready', 'small', 'queued', 'failed', 'large'] as const) ids[name] = await order();
  const set = (id: string, status: string) =>
    reporting.database.query('UPDATE reporting.report SET status = $2, title = $3 WHERE id = $1', [
      id,
      status,
      'Überblick/概要 =1',
    ]);
  await store(ids.ready, ROWS);
  await store(ids.small, ROWS.slice(0, 3));
  await store(ids.large, LARGE);
  await set(ids.ready, 'READY');
  await set(ids.large, 'READY');
  await set(ids.failed, 'FAILED');
});
afterAll(async () => {
  await reporting.close();
  rmSync(folder, { recursive: true });
});

async function store(id: string, rows: Row[]): Promise<void> {
  const database = reporting.services.databases.get('reporting')!;
  const context = jobContext({ services: reporting.services, database });
  const dataset = memoryDataset([{ id: 'campaigns', columns: COLUMNS, rows }]);
  await storeDataset(context, { report: { id, attempts: 0 }, dataset });
}

const open = (parameters: Record<string, string>, identity = owner, more: Partial<FileRequest> = {}) =>
  reporting.openFile({ id: ids.ready, format: 'csv', ...parameters }, identity, more);
const downloads = async () => {
  const { rows } = await reporting.database.query(
    "SELECT after FROM operations.audit_event WHERE action = 'report.downloaded'",
  );
  return rows.length as number;
};

describe('the files of a report', () => {
  it.each(['csv', 'xlsx', 'pdf'])(
    'are rendered as %s from the same data, which verify-report finds unchanged',
    async (format) => {
      const before = await downloads();
      const { name, body } = await open({ format });
      expect(name).toBe(`Überblick-概要 =1.${format}`);
      const path = join(folder, `report.${format}`);
      writeFileSync(path, await buffer(body!));
      const program = join(projectRoot, 'dist/subgraphs/reporting/verification/main.js');
      const said = execFileSync(process.execPath, [program, path], { encoding: 'utf8' });
      expect(said).toContain('Unchanged');
      expect(await downloads()).toBe(before + 1);
      await eventually('no process renders', () => renderHostOf(reporting.services).running === 0);
    },
  );

  it('have a tag per format and way of writing, and are not sent to whom has them', async () => {
    const before = await downloads();
    const asked: Record<string, string>[] = [
      {},
      { for: 'excel' },
      { for: 'excel', locale: 'de-AT' },
      { section: 'campaigns' },
      { format: 'xlsx' },
    ];
    const tags = await Promise.all(asked.map(async (each) => (await open(each, owner, { isHead: true })).etag));
    expect(new Set(tags).size).toBe(asked.length);
    expect(await open({}, owner, { knownTags: ['"x"', tags[0]!] })).toMatchObject({ isKnown: true, body: null });
    expect(await downloads()).toBe(before);
  });

  it.each([
    [{ format: 'doc' }, 'NOT_FOUND', 'Reports are downloaded as .pdf, .xlsx, .csv: there is no other format.'],
    [{ id: '0' }, 'NOT_FOUND', 'There is no report with this id.'],
    [{ for: 'calc' }, 'BAD_USER_INPUT', 'Invalid input: for must be excel.'],
    [{ locale: 'de' }, 'BAD_USER_INPUT', 'Invalid input: locale is for files with for=excel only.'],
    [{ for: 'excel', locale: '__' }, 'BAD_USER_INPUT', 'Invalid input: locale must be a language tag such as de-DE.'],
    [{ section: 'x' }, 'BAD_USER_INPUT', 'Invalid input: section must be one of campaigns.'],
    [{ format: 'pdf', section: 'x' }, 'BAD_USER_INPUT', 'Invalid input: section is for CSV files only.'],
    [{ colour: 'red' }, 'BAD_USER_INPUT', 'Invalid input: colour must be one of for, locale, section.'],
  ])('are refused for %j', async (parameters, code, message) => {
    await expect(open(parameters)).rejects.toMatchObject({ code, message });
  });

  it('are for who may read the report, once it is ready', async () => {
    await expect(open({}, member())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(open({}, { ...owner, clientIds: [] } as typeof owner)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const key = { ...owner, kind: 'apiKey', apiKeyId: 'key', scopes: ['read:billing'] } as unknown as typeof owner;
    await expect(open({}, key)).rejects.toMatchObject({ code: 'FORBIDDEN', requiredScope: 'read:reports' });
    await expect(open({ id: ids.queued })).rejects.toMatchObject({ code: 'CONFLICT', retryAfter: 5 });
    await expect(open({ id: ids.failed })).rejects.toMatchObject({ code: 'CONFLICT', retryAfter: undefined });
  });

  it('wait for a reader who takes nothing for a while', async () => {
    const { body } = await open({ id: ids.large, format: 'xlsx' });
    for (let asked = 0; asked < 20; asked += 1) await buffer((await open({ id: ids.large })).body!);
    const file = await buffer(body!);
    expect(file.length).toBeGreaterThan(1_000_000);
    expect(file.subarray(-22, -18).toString('latin1')).toBe('PK\x05\x06');
  });

  it('end where a reader takes nothing while others wait, and not where they are rendered already', async () => {
    const { services } = reporting;
    const host = new RenderHost(services, { alone: Number.POSITIVE_INFINITY, whileOthersWait: 1 });
    const branding = { name: 'A', logo: null, primaryColor: '#000000', accentColor: '#000000', footer: null };
    const { signal } = new AbortController();
    const render = async (reportId: string, format: Format, more: Partial<Presentation> = {}) => {
      const dataset = await openDataset({ database: services.databases.get('reporting')! }, { reportId });
      return host.render({ dataset: dataset!, format, presentation: { language: 'en', branding, ...more }, signal });
    };
    const small = () => render(ids.small, 'csv', { excel: { separator: ';', decimalMark: ',' } });
    const untaken = await Promise.all(Array.from({ length: availableParallelism() * 2 }, small));
    const idle = await Promise.all(Array.from({ length: availableParallelism() }, () => render(ids.large, 'xlsx')));
    expect((await buffer(await small())).length).toBe((await buffer(untaken[0]!)).length);
    const reason = new Error('The reader of the file took nothing for too long.');
    expect(await Promise.allSettled(idle.map(buffer))).toContainEqual({ status: 'rejected', reason });
    await host.close();
  });

  itInDrills.each([
    ['render-child', /^The process that rendered xlsx ended with SIGKILL/],
    ['render-launcher', /^The launcher of processes that render ended: SIGKILL/],
  ])('fail, and are not short, when %s is killed; the next one is made', async (program, message) => {
    const { body } = await open({ id: ids.large, format: 'xlsx' });
    const children = processesBelow(process.pid, 'render-child');
    expect(children).toHaveLength(1);
    const [victim] = processesBelow(process.pid, program);
    process.kill(victim!, 'SIGKILL');
    await expect(buffer(body!)).rejects.toThrow(message);
    await eventually('the process that rendered is gone', () => !isRunning(children[0]!));
    expect((await buffer((await open({ format: 'pdf' })).body!)).length).toBeGreaterThan(1_000);
    await eventually('no process renders', () => renderHostOf(reporting.services).running === 0);
  });

  it('are no longer rendered once the reader is gone', async () => {
    const host = renderHostOf(reporting.services);
    await eventually('no process renders', () => host.running === 0);
    const gone = new AbortController();
    const render = host.render.bind(host);
    let running = 0;
    jest.spyOn(host, 'render').mockImplementationOnce((task) => {
      // The process is started by then, and cannot have written anything.
      setImmediate(() => {
        running = host.running;
        gone.abort();
      });
      return render(task);
    });
    const opening = reporting.openFile({ id: ids.ready, format: 'pdf' }, owner, {}, gone.signal);
    await expect(opening).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(running).toBe(1);
    await eventually('no process renders', () => host.running === 0);
  });
});
