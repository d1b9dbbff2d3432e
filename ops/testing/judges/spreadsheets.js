import { execFileSync, spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeHardReport } from './hard-report.js';
import { here, pythonTool, root, run } from './tools.js';

/** Has LibreOffice save a file in another format, beside it in a folder of its own; returns its path. */
function saveAgain(path, format, folder) {
  const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`;
  const output = join(folder, `as-${format}`);
  execFileSync('soffice', [profile, '--headless', '--convert-to', format, '--outdir', output, path], { stdio: 'pipe' });
  const name = path
    .split('/')
    .at(-1)
    .replace(/\.\w+$/, '');
  return join(output, `${name}.${format}`);
}

/** Returns what `npm run verify-report` says of a file, and throws unless it ends with this status. */
function verify(path, expected) {
  const program = join(root, 'dist', 'subgraphs', 'reporting', 'verification', 'main.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, path], { encoding: 'utf8', cwd: root });
  const verdict = stdout.trim().split('\n').at(-1);
  if (status !== expected) throw new Error(`verify-report ends with ${status} for ${path}: ${verdict} ${stderr}`);
  return verdict;
}

/** Changes one value in LibreOffice's flat format, and has it save a workbook of that. */
function changeInLibreOffice(workbook, folder) {
  const flat = saveAgain(workbook, 'fods', folder);
  const content = readFileSync(flat, 'utf8');
  const changed = content.replace('office:value="123456789012345"', 'office:value="123456789012344"');
  if (changed === content) throw new Error('LibreOffice has no cell with the value 123456789012345.');
  const path = join(folder, 'changed.fods');
  writeFileSync(path, changed);
  return saveAgain(path, 'xlsx', folder);
}

/**
 * Judges workbooks and CSV files of a hard report in each language: openpyxl, pandas and LibreOffice read them, and every value is that of
 * the report; a workbook that LibreOffice saves is unchanged, and one in which it changed a cell is found changed.
 */
export async function judgeSpreadsheets() {
  for (const language of ['en', 'de', 'ar']) {
    const folder = mkdtempSync(join(tmpdir(), 'judge-spreadsheets-'));
    try {
      const { dataset, presentation, texts, load } = await makeHardReport(language);
      const { renderXlsx } = await load('rendering/xlsx/render-xlsx.js');
      const { renderCsv } = await load('rendering/csv/render-csv.js');
      const workbook = join(folder, 'report.xlsx');
      const csv = join(folder, 'report.csv');
      const excelCsv = join(folder, 'excel.csv');
      await renderXlsx(dataset, presentation, createWriteStream(workbook));
      await renderCsv(dataset, presentation, createWriteStream(csv));
      const excel = { separator: ';', decimalMark: ',' };
      await renderCsv(dataset, { ...presentation, excel }, createWriteStream(excelCsv));
      for (const path of [workbook, csv, excelCsv]) verify(path, 0);

      const sections = [];
      for (const section of dataset.manifest.sections) {
        const rows = [];
        for await (const batch of dataset.rows(section.id)) rows.push(...batch);
        const headings = section.columns.map((column) => texts.heading(column));
        sections.push({ id: section.id, columns: section.columns, headings, rows });
      }
      const expected = join(folder, 'expected.json');
      writeFileSync(expected, JSON.stringify({ sections, charts: 4 }));
      const savedAgain = saveAgain(workbook, 'xlsx', folder);
      const files = [expected, csv, excelCsv, workbook, savedAgain];
      await run(pythonTool('python'), ['-W', 'error', join(here, 'read_spreadsheets.py'), ...files]);

      verify(savedAgain, 0);
      process.stdout.write(`${language}: read by openpyxl, pandas, csv and LibreOffice\n`);
      if (language !== 'en') continue;
      const verdict = verify(changeInLibreOffice(workbook, folder), 1);
      if (!verdict.endsWith('in section hard, row 4, column impressions.')) throw new Error(verdict);
      const pdf = saveAgain(workbook, 'pdf', folder);
      if (readFileSync(pdf).length < 20_000) throw new Error('LibreOffice draws nothing.');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
