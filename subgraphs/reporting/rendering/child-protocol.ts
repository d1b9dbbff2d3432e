import type { Readable } from 'node:stream';
import type { Cell, Dataset, Manifest } from '#reporting/dataset/dataset.js';
import type { StoredDataset } from '#reporting/dataset/open-dataset.js';
import { TableLayout } from '#reporting/dataset/table-layout.js';
import type { Format, Presentation } from './renderer.js';

/** The first line that a rendering process gets, as JSON. */
interface Task {
  format: Format;
  manifest: Manifest;
  presentation: Presentation;
}

/** Of the frames that follow: a section and its lines in the table of the report, as they are stored. */
interface Frame {
  section: number;
  bytes: Buffer;
}

/** Of the frame that says that all rows were sent. */
const END = -1;
const HEAD_BYTES = 8;
/** Written in one turn of the event loop, which answers requests in between. */
const MAX_PIECE_BYTES = 64 * 1024;

function headOf({ section, bytes }: Frame): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeInt32BE(section, 0);
  head.writeUInt32BE(bytes.length, 4);
  return head;
}

/** Returns what is sent to a process that renders: the task, the rows of all sections in order, and the end. */
export async function* encodeTask(
  dataset: StoredDataset,
  { format, presentation }: Omit<Task, 'manifest'>,
): AsyncGenerator<Buffer> {
  const { manifest } = dataset;
  const { logo } = presentation.branding;
  const encoded = logo && { ...logo, png: Buffer.from(logo.png).toString('base64') };
  const task = {
    format,
    manifest,
    presentation: { ...presentation, branding: { ...presentation.branding, logo: encoded } },
  };
  yield Buffer.from(`${JSON.stringify(task)}\n`);
  for (const [section, { id }] of manifest.sections.entries()) {
    for await (const bytes of dataset.lines(id)) {
      yield headOf({ section, bytes });
      for (let at = 0; at < bytes.length; at += MAX_PIECE_BYTES) yield bytes.subarray(at, at + MAX_PIECE_BYTES);
    }
  }
  yield headOf({ section: END, bytes: Buffer.alloc(0) });
}

/** Reads an input in pieces of the size that is asked for. */
class ByteReader {
  readonly #input: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(input: Readable) {
    this.#input = input[Symbol.asyncIterator]();
  }

  async #more(): Promise<void> {
    const { value, done } = await this.#input.next();
    if (done) throw new Error('The rows of the report broke off.');
    this.#rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, value]) : value;
  }

  async take(bytes: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let missing = bytes;
    while (missing > 0) {
      if (this.#rest.length === 0) await this.#more();
      const piece = this.#rest.subarray(0, missing);
      pieces.push(piece);
      missing -= piece.length;
      this.#rest = this.#rest.subarray(piece.length);
    }
    return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
  }

  async line(): Promise<string> {
    while (!this.#rest.includes('\n')) await this.#more();
    const line = await this.take(this.#rest.indexOf('\n') + 1);
    return line.toString();
  }
}

/**
 * Reads a task and its dataset, whose sections can be read once, in order. A section that is not read is skipped. Its `rows` throw when
 * the input breaks off. `finish` skips what was not read.
 */
export async function decodeTask(
  input: Readable,
): Promise<Pick<Task, 'format' | 'presentation'> & { dataset: Dataset; finish(): Promise<void> }> {
  const reader = new ByteReader(input);
  const { format, manifest, presentation } = JSON.parse(await reader.line()) as Task;
  const { logo } = presentation.branding;
  if (logo) logo.png = Buffer.from(logo.png as unknown as string, 'base64');
  const layout = new TableLayout(manifest.reportId, manifest.sections);
  let next: Frame | undefined;
  const readFrame = async (): Promise<Frame> => {
    const head = await reader.take(HEAD_BYTES);
    return { section: head.readInt32BE(0), bytes: await reader.take(head.readUInt32BE(4)) };
  };
  async function* rows(sectionId: string): AsyncGenerator<Cell[][]> {
    const section = manifest.sections.findIndex(({ id }) => id === sectionId);
    const { rowCount = 0 } = manifest.sections[section] ?? {};
    let left = rowCount;
    while (left > 0) {
      next ??= await readFrame();
      const { section: found, bytes } = next;
      if (found === END || found > section)
        throw new Error(`The rows of section ${sectionId} were read before, or are missing.`);
      next = undefined;
      if (found < section) continue;
      const batch = layout.rowsOf(sectionId, bytes.toString());
      left -= batch.length;
      yield batch;
    }
  }
  const finish = async () => {
    while (next?.section !== END) next = await readFrame();
  };
  return { format, presentation, dataset: { manifest, rows }, finish };
}
