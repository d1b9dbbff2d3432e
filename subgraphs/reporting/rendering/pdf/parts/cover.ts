import type { Manifest } from '#reporting/dataset/dataset.js';
import { worstSources } from '#reporting/dataset/sources.js';
import { rectangle } from '#reporting/rendering/pdf/canvas.js';
import { A4, MARGIN, type ReportDocument } from '#reporting/rendering/pdf/document.js';
import { type Flow, styles } from './flow.js';

const LOGO = { width: 190, height: 70 };

function drawLogo(document: ReportDocument, top: number): number {
  const { logo, name } = document.branding;
  if (!logo) return top;
  const scale = Math.min(LOGO.width / logo.width, LOGO.height / logo.height, 1);
  const [width, height] = [logo.width * scale, logo.height * scale];
  const figure = document.tags.start('Figure', document.tags.document, { alternative: name });
  const x = document.isRightToLeft ? document.size.width - MARGIN - width : MARGIN;
  document.tags.mark(figure, document.page, () => document.drawLogo(logo.png, x, top, width, height));
  document.tags.end(figure);
  return top + height;
}

/** Draws the first page: whose report it is, of which days, for whom, and when it was made. */
export async function drawCover(flow: Flow, manifest: Manifest): Promise<void> {
  const { document } = flow;
  const { texts, branding, tags, page } = document;
  await document.addPage(A4, false);
  tags.artifact(page, () => {
    page.write(rectangle(0, 0, A4.width, 14, branding.primaryColor));
    page.write(rectangle(0, 14, A4.width, 4, branding.accentColor));
  });
  flow.y = Math.max(drawLogo(document, 64) + 70, 230);
  document.addBookmark(manifest.title);
  await flow.paragraph('H1', tags.document, manifest.title, { ...styles.title, color: branding.primaryColor }, 6);
  const days = texts.formats.days(manifest.range);
  await flow.paragraph('P', tags.document, days, { size: 14, color: styles.small.color }, 26);

  const { formats } = texts;
  const clients = manifest.clients.length > 0 ? formats.list(manifest.clients) : texts.text('cover.allClients');
  const facts: [string, string][] = [
    [texts.text(manifest.clients.length === 1 ? 'cover.client' : 'cover.clients'), clients],
    [texts.text('cover.period'), days],
    ...(manifest.compared
      ? [[texts.text('cover.compared'), formats.days(manifest.compared)] satisfies [string, string]]
      : []),
    ...(manifest.currency ? [[texts.text('cover.currency'), manifest.currency] satisfies [string, string]] : []),
    [texts.text('cover.organization'), manifest.organization],
    [texts.text('cover.generated'), formats.instant(manifest.generatedAt, manifest.timeZone)],
  ];
  for (const [label, value] of facts) {
    await flow.paragraph('P', tags.document, label, { ...styles.small, size: 8 }, 0);
    await flow.paragraph('P', tags.document, value, { size: 11 }, 9);
  }
}

/** Draws the summary and, in short, what is missing. */
export async function drawSummary(flow: Flow, manifest: Manifest): Promise<void> {
  const { document } = flow;
  const { texts, tags } = document;
  const { sentences, wordedBy, model } = manifest.summary;
  const sources = worstSources(manifest.sections.flatMap((section) => section.sources));
  const incomplete = sources.filter(({ state }) => state !== 'COMPLETE').length;
  await flow.newPage(A4);
  const section = tags.start('Sect', tags.document);
  if (sentences.length > 0) {
    const title = texts.text('summary.title');
    document.addBookmark(title);
    await flow.paragraph('H2', section, title, { ...styles.heading, color: document.branding.primaryColor }, 6);
    for (const sentence of sentences) await flow.paragraph('P', section, sentence, { size: 10 }, 5);
    const author =
      wordedBy === 'RULES' ? texts.text('summary.RULES') : texts.text('summary.MODEL', { model: model ?? '' });
    await flow.paragraph('P', section, author, styles.small, 10);
  }
  const completeness =
    incomplete === 0 ? texts.text('sources.all') : texts.text('sources.count', { count: incomplete });
  await flow.paragraph(
    'P',
    section,
    completeness,
    { ...styles.body, weight: incomplete === 0 ? 'regular' : 'bold' },
    16,
  );
  tags.end(section);
}
