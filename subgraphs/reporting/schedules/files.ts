import { Writable } from 'node:stream';
import type { StoredDataset } from '#reporting/dataset/open-dataset.js';
import { renderCsv } from '#reporting/rendering/csv/render-csv.js';
import { renderPdf } from '#reporting/rendering/pdf/render-pdf.js';
import type { Format, Presentation, Renderer } from '#reporting/rendering/renderer.js';
import { renderXlsx } from '#reporting/rendering/xlsx/render-xlsx.js';
import { MAX_ATTACHED_BYTES, type MailFile } from '#runtime/mail/mail-file.js';

const contentTypes: Record<Format, string> = {
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
};

const renderers: Record<Format, Renderer> = { csv: renderCsv, xlsx: renderXlsx, pdf: renderPdf };

/** More was written than a mail may carry. */
class TooLarge extends Error {}

/** Collects at most `maxBytes`. */
class Collector extends Writable {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(readonly maxBytes: number) {
    super();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#bytes += chunk.length;
    const isTooLarge = this.#bytes > this.maxBytes;
    if (!isTooLarge) this.#chunks.push(chunk);
    done(isTooLarge ? new TooLarge() : null);
  }

  content(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

const MAX_NAME_BYTES = 200;
const NOT_IN_NAMES = /[\p{Cc}\p{Zl}\p{Zp}/\\:*?"<>|\s]+/gu;

/** Returns the name of a file of a report, in any script. */
export function fileName(title: string, format: Format): string {
  let name = '';
  for (const { segment } of new Intl.Segmenter().segment(title.replace(NOT_IN_NAMES, ' ').trim())) {
    if (Buffer.byteLength(name + segment) > MAX_NAME_BYTES) break;
    name += segment;
  }
  return `${name || 'report'}.${format}`;
}

/** Returns the files of a report; null when they are too large for a mail. Throws when one cannot be made, or is aborted. */
export async function renderFiles(
  dataset: StoredDataset,
  { formats, presentation, signal }: { formats: Format[]; presentation: Presentation; signal: AbortSignal },
): Promise<MailFile[] | null> {
  const files: MailFile[] = [];
  let left = MAX_ATTACHED_BYTES;
  for (const format of formats) {
    const render = renderers[format];
    const output = new Collector(left);
    const abort = () => output.destroy(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    // Its failure is that of the renderer.
    output.on('error', () => {});
    try {
      signal.throwIfAborted();
      await render(dataset, presentation, output);
    } catch (error) {
      if (error instanceof TooLarge) return null;
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
    const content = output.content();
    left -= content.length;
    files.push({ name: fileName(dataset.manifest.title, format), contentType: contentTypes[format], content });
  }
  return files;
}
