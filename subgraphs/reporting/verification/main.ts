import { open } from 'node:fs/promises';
import { AppError, ConfigurationError } from '#runtime/errors.js';
import { readCommandLine } from '#runtime/process/command-line.js';
import { openCsv } from './open-csv.js';
import { openPdf } from './open-pdf.js';
import { DamagedReportFile, NotAReportFile, type OpenReportFile } from './report-file.js';
import { verifyReport } from './verify-report.js';
import { openXlsx } from './xlsx/open-xlsx.js';

// `npm run verify-report -- <file>`: whether a downloaded file of a report is as it was made, without any server. Status 0 = it is,
// 1 = it was changed, 2 = it is no file of a report, or cannot be read.

/** Formats by their first bytes; CSV has none of its own. */
const signatures: { start: string; open: OpenReportFile }[] = [
  { start: '%PDF-', open: openPdf },
  { start: 'PK\x03\x04', open: openXlsx },
];

const print = (line: string) => process.stdout.write(`${line}\n`);

async function readerFor(path: string): Promise<OpenReportFile> {
  const file = await open(path).catch((cause: Error) => {
    throw new ConfigurationError(`The file cannot be read: ${cause.message}`, { cause });
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
    const start = buffer.toString('latin1', 0, bytesRead);
    return signatures.find((signature) => start.startsWith(signature.start))?.open ?? openCsv;
  } finally {
    await file.close();
  }
}

/** Returns the status of the process. */
async function verify(path: string): Promise<number> {
  try {
    const { reportId, hash, rowCounts, change } = await verifyReport(await (await readerFor(path))(path));
    print(`Report ${reportId}, dataset ${hash}`);
    for (const { section, rowCount } of rowCounts) print(`Section ${section}: ${rowCount} rows`);
    print(change ? `CHANGED. ${change}` : 'Unchanged: every row, count, control total and hash is as it was made.');
    return change ? 1 : 0;
  } catch (error) {
    if (error instanceof NotAReportFile) print(`This is no file of a report. ${error.message}`);
    else if (error instanceof DamagedReportFile) print(`CHANGED. ${error.message}`);
    else throw error;
    return error instanceof NotAReportFile ? 2 : 1;
  }
}

try {
  const { words } = readCommandLine({});
  const [path] = words;
  if (!path || words.length > 1) throw new ConfigurationError('Say which file: npm run verify-report -- <file>');
  process.exitCode = await verify(path);
} catch (error) {
  process.stderr.write(
    `The file was not checked. ${error instanceof AppError ? error.message : (error as Error).stack}\n`,
  );
  process.exitCode = 2;
}
