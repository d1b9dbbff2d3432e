import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { openPlatform } from '#gateway/platform.js';
import { jobContext, type ServiceContext } from '#reporting/context.js';
import type { StoredDataset } from '#reporting/dataset/open-dataset.js';
import { encodeTask } from '#reporting/rendering/child-protocol.js';
import { renderHostOf } from '#reporting/rendering/render-host.js';
import { RENDER_FLAGS } from '#reporting/rendering/render-processes.js';
import type { Format, Presentation } from '#reporting/rendering/renderer.js';
import { parseConfig } from '#runtime/config/config.js';
import { listen } from '#runtime/http/listen.js';
import { createLogger } from '#runtime/log/logger.js';
import { exitWith, readCommandLine } from '#runtime/process/command-line.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { projectRoot } from '#runtime/process/project-root.js';
import { openBaseServices, openServices } from '#runtime/services.js';
import { startSimulator } from '#simulator/index.js';
import { rowPrinter } from './report.js';
import { storeBenchReport } from './reports/bench-datasets.js';
import { copyOut, fillPlainTable } from './reports/copy-out.js';
import { megabytes, quantile, round } from './statistics.js';
import { makeDataFolder, startPostgres } from './temporary-database.js';

// `npm run bench:reports [-- --scale 0.1]`: the CSV file of 1,000,000 rows beside COPY … TO STDOUT, what a workbook of 200,000 rows and a
// PDF file of 60 pages take, and /graphql while ten files are rendered. Budgets: CSV at least half as fast as COPY and within 100 MB;
// XLSX 4 CPU-s and 80 MB; PDF 7 CPU-s and 120 MB; p99 of /graphql at most doubled.

const CSV_ROWS = 1_000_000;
const XLSX_ROWS = 200_000;
const PDF_ROWS = [600, 600, 600];
const ROUNDS = 3;
const AT_ONCE = 10;
const QUESTION_EVERY_MS = 20;
const QUIET_MS = 10_000;
const SAMPLE_MS = 20;

const BRANDING = { name: 'Harbour Agency', logo: null, primaryColor: '#1f4e79', accentColor: '#c55a11', footer: null };
const PRESENTATION: Presentation = { language: 'en', branding: BRANDING };
const MEASURED = join(projectRoot, 'dist/ops/bench/reports/measure-render.js');

const logger = createLogger({ level: 'silent', isPretty: false });
const print = (line: string) => void process.stdout.write(`${line}\n`);
const row = rowPrinter(44, 16);

interface Rendered {
  bytes: number;
  pages: number;
  cpuSeconds: number;
  growthBytes: number;
}

/** Renders a file in a process as that of the render host, which says what it took. */
async function renderApart({ services }: ServiceContext, dataset: StoredDataset, format: Format): Promise<Rendered> {
  const child = spawn(process.execPath, [...RENDER_FLAGS, MEASURED], { stdio: ['pipe', 'pipe', 'inherit'], env: {} });
  const { manifest, attempt } = dataset;
  child.stdin.end(
    encodeTask({ format, presentation: PRESENTATION, manifest, attempt, databaseUrl: services.databaseUrl }),
  );
  return JSON.parse(await text(child.stdout)) as Rendered;
}

async function renderCsv({ services }: ServiceContext, dataset: StoredDataset) {
  const before = process.memoryUsage.rss();
  let peak = before;
  const sample = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, SAMPLE_MS);
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const task = { dataset, format: 'csv', presentation: PRESENTATION, signal: new AbortController().signal } as const;
  let bytes = 0;
  for await (const piece of await renderHostOf(services).render(task)) bytes += (piece as Buffer).length;
  clearInterval(sample);
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - startedAt) / 1_000;
  return { seconds, bytes, cpuSeconds: (user + system) / 1e6, growthBytes: peak - before };
}

async function compareWithCopy(context: ServiceContext, rows: number) {
  const dataset = await storeBenchReport(context, [rows]);
  await fillPlainTable(context, dataset);
  const { databaseUrl } = context.services;
  // Once before it counts: storing has left garbage, and the code is not compiled yet.
  await copyOut(databaseUrl);
  await renderCsv(context, dataset);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.push({ copySeconds: await copyOut(databaseUrl), csv: await renderCsv(context, dataset) });
  }
  const copy =
    rows /
    quantile(
      rounds.map(({ copySeconds }) => copySeconds),
      0.5,
    );
  const csv =
    rows /
    quantile(
      rounds.map(({ csv: { seconds } }) => seconds),
      0.5,
    );
  return {
    rows,
    copyRowsPerSecond: Math.round(copy),
    csvRowsPerSecond: Math.round(csv),
    ratio: round(csv / copy),
    cpuSeconds: round(
      quantile(
        rounds.map(({ csv: { cpuSeconds } }) => cpuSeconds),
        0.5,
      ),
    ),
    growthMb: megabytes(Math.max(...rounds.map(({ csv: { growthBytes } }) => growthBytes))),
    megabytes: megabytes(rounds[0]?.csv.bytes ?? 0),
  };
}

/** Asks /graphql at a constant rate until `until`. Returns the milliseconds of each answer. */
async function askUntil({ services }: ServiceContext, until: Promise<unknown>): Promise<number[]> {
  const caller = { part: 'reporting', organizationId: randomUUID(), requestId: 'bench' };
  const operation = { query: '{ plans { id name } }', variables: {} };
  const times: number[] = [];
  const asked: Promise<void>[] = [];
  let isOver = false;
  void until.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const startedAt = performance.now();
    const answered = services.graph.query(operation, caller);
    asked.push(answered.then(() => void times.push(performance.now() - startedAt)));
    await wait(QUESTION_EVERY_MS);
  }
  await Promise.all(asked);
  return times;
}

async function askWhileRendering(context: ServiceContext, datasets: Record<Format, StoredDataset>) {
  const host = renderHostOf(context.services);
  await askUntil(context, wait(QUIET_MS / 5));
  const quiet = await askUntil(context, wait(QUIET_MS));
  const renderAll = Array.from({ length: AT_ONCE }, async (_, index) => {
    const format = (['xlsx', 'pdf', 'csv'] as const)[index % 3] ?? 'csv';
    const { signal } = new AbortController();
    const content = await host.render({ dataset: datasets[format], format, presentation: PRESENTATION, signal });
    for await (const _piece of content) {
      // Taken as fast as it comes.
    }
  });
  const busy = await askUntil(context, Promise.all(renderAll));
  const [quietP99, busyP99] = [quantile(quiet, 0.99), quantile(busy, 0.99)];
  const [quietP50, busyP50] = [quantile(quiet, 0.5), quantile(busy, 0.5)];
  const ms = (value: number) => round(value, 1);
  return {
    ...{ questions: busy.length, quietP50Ms: ms(quietP50), busyP50Ms: ms(busyP50), quietP99Ms: ms(quietP99) },
    ...{ busyP99Ms: ms(busyP99), ratio: round(busyP99 / quietP99) },
  };
}

async function openContext(lifecycle: Lifecycle): Promise<ServiceContext> {
  const folder = makeDataFolder(lifecycle);
  const simulator = await startSimulator({ quiet: true });
  lifecycle.onClose('Simulator', () => simulator.close());
  const DATABASE_URL = await startPostgres(lifecycle, join(folder, 'postgres'));
  let url: string | undefined;
  const config = parseConfig({ NODE_ENV: 'test', DATA_DIR: folder, DATABASE_URL });
  const base = openBaseServices({ config, logger, lifecycle, simulatorUrl: simulator.url, listeningUrl: () => url });
  const services = await openServices(base);
  const { app } = await openPlatform(base);
  url = `http://127.0.0.1:${await listen(app, '127.0.0.1', 0, 'PORT')}`;
  const { openReportingDatabase } = await import('#reporting/database.js');
  return jobContext({ services, database: await openReportingDatabase(services) });
}

async function measure(context: ServiceContext, scale: number) {
  const [loadBefore = 0] = loadavg();
  const csv = await compareWithCopy(context, Math.round(CSV_ROWS * scale));
  const datasets = {
    csv: await storeBenchReport(context, [Math.round((CSV_ROWS / 10) * scale)]),
    xlsx: await storeBenchReport(context, [Math.round(XLSX_ROWS * scale)]),
    pdf: await storeBenchReport(context, PDF_ROWS),
  };
  const xlsx = await renderApart(context, datasets.xlsx, 'xlsx');
  const pdf = await renderApart(context, datasets.pdf, 'pdf');
  const graph = await askWhileRendering(context, datasets);
  const rendered = ({ cpuSeconds, growthBytes, bytes, pages }: Rendered) => ({
    ...{ cpuSeconds: round(cpuSeconds), growthMb: megabytes(growthBytes), megabytes: megabytes(bytes), pages },
  });
  const perSecond = (rows: number) => `${rows.toLocaleString('en')}/s`;
  const files = { xlsx: rendered(xlsx), pdf: rendered(pdf) };
  print(row('', 'measured', 'budget'));
  print(row(`COPY … TO STDOUT, ${csv.rows.toLocaleString('en')} rows`, perSecond(csv.copyRowsPerSecond)));
  print(row('CSV file of the same rows', perSecond(csv.csvRowsPerSecond)));
  print(row('  of the rate of COPY', `${csv.ratio}x`, '0.5x'));
  print(row('  growth of memory', `${csv.growthMb} MB`, '100 MB'));
  print(
    row(
      `XLSX, ${Math.round(XLSX_ROWS * scale).toLocaleString('en')} rows`,
      `${files.xlsx.cpuSeconds} CPU-s`,
      '4 CPU-s',
    ),
  );
  print(row('  growth of memory', `${files.xlsx.growthMb} MB`, '80 MB'));
  print(row(`PDF, ${files.pdf.pages} pages`, `${files.pdf.cpuSeconds} CPU-s`, '7 CPU-s'));
  print(row('  growth of memory', `${files.pdf.growthMb} MB`, '120 MB'));
  print(row(`p99 of /graphql, ${AT_ONCE} files at once`, `${graph.busyP99Ms} ms`));
  print(row('  of that when quiet', `${graph.ratio}x`, '2x'));
  const machine = { cores: availableParallelism(), loadBefore: round(loadBefore, 1) };
  const ratios = { csvToCopy: csv.ratio, graphP99: graph.ratio };
  print(JSON.stringify({ bench: 'reports', ratios, figures: { machine, scale, csv, ...files, graph } }));
}

async function run(): Promise<void> {
  const { flags } = readCommandLine({ scale: { type: 'string' } });
  const lifecycle = new Lifecycle(logger);
  try {
    await measure(await openContext(lifecycle), Number(flags.scale ?? 1));
  } finally {
    await lifecycle.close();
  }
}

run().catch((error: unknown) => exitWith(error, 'The benchmark did not come to its end.'));
