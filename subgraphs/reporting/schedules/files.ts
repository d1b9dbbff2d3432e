import type { ServiceContext } from '#reporting/context.js';
import type { StoredDataset } from '#reporting/dataset/open-dataset.js';
import { fileNameOf } from '#reporting/rendering/file-name.js';
import { renderHostOf } from '#reporting/rendering/render-host.js';
import type { Format, Presentation } from '#reporting/rendering/renderer.js';
import { fileFormatOf } from '#reporting/rendering/renderers.js';
import { MAX_ATTACHED_BYTES, type MailFile } from '#runtime/mail/mail-file.js';

/** The files of a report for a mail. */
export interface FilesOrder {
  dataset: StoredDataset;
  formats: Format[];
  presentation: Presentation;
  signal: AbortSignal;
}

/** Returns the files of a report; null when they are too large for a mail. Throws when one cannot be made, or is aborted. */
export async function renderFiles(
  { services }: Pick<ServiceContext, 'services'>,
  { dataset, formats, presentation, signal }: FilesOrder,
): Promise<MailFile[] | null> {
  const files: MailFile[] = [];
  let left = MAX_ATTACHED_BYTES;
  for (const format of formats) {
    const body = await renderHostOf(services).render({ dataset, format, presentation, signal });
    const chunks: Buffer[] = [];
    // Leaving the loop destroys the stream, which ends the work.
    for await (const chunk of body) {
      left -= chunk.length;
      if (left < 0) return null;
      chunks.push(chunk);
    }
    const contentType = fileFormatOf(format)?.type ?? 'application/octet-stream';
    files.push({ name: fileNameOf(dataset.manifest.title, format), contentType, content: Buffer.concat(chunks) });
  }
  return files;
}
