import type { Renderer } from '#reporting/rendering/renderer.js';
import { CONTENTS_FILE, contentsOf } from './attachments.js';
import { ReportDocument } from './document.js';
import { drawCover, drawSummary } from './parts/cover.js';
import { Flow } from './parts/flow.js';
import { drawManifest } from './parts/manifest.js';
import { drawNotes } from './parts/notes.js';
import { drawSection } from './parts/section.js';

/**
 * Writes a report as a tagged PDF file: cover, summary, sections, notes, control figures; with its manifest and the rows it shows
 * attached. The same dataset and presentation give the same bytes. Sections are read once, in order.
 */
export const renderPdf: Renderer = async (dataset, presentation, output) => {
  const { manifest } = dataset;
  const document = new ReportDocument(manifest, presentation, output);
  const flow = new Flow(document);
  const shown = new Map<string, number>();
  await drawCover(flow, manifest);
  await drawSummary(flow, manifest);
  for (const section of manifest.sections) shown.set(section.id, await drawSection(flow, dataset, section));
  await drawNotes(flow, manifest);
  await drawManifest(flow, manifest, shown);
  const sections = manifest.sections
    .filter(({ columns }) => columns.length > 0)
    .map(({ id, show }) => ({ id, rowCount: shown.get(id) ?? 0, isTable: show.table }));
  const content = contentsOf(manifest, { sections, pages: [...document.pageChecks] });
  document.attach(CONTENTS_FILE, 'application/json', new TextEncoder().encode(content), manifest.title);
  await document.end();
};
