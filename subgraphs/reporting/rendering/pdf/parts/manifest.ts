import type { Manifest } from '#reporting/dataset/dataset.js';
import { type Flow, styles } from './flow.js';

/** Draws the control figures of the report, equal in each of its files. */
export async function drawManifest(flow: Flow, manifest: Manifest, shown: Map<string, number>): Promise<void> {
  const { document } = flow;
  const { texts, tags, branding } = document;
  const { formats } = texts;
  const sect = tags.start('Sect', tags.document);
  flow.y += 20;
  const title = texts.text('manifest.title');
  await flow.need(140);
  document.addBookmark(title);
  await flow.paragraph('H2', sect, title, { ...styles.heading, color: branding.primaryColor }, 8);
  await flow.paragraph('P', sect, texts.text('manifest.explanation'), styles.body, 8);
  const fact = (label: string, value: string) =>
    flow.paragraph('P', sect, `${label}: ${formats.isolated(value)}`, { size: 8 }, 2);
  await fact(texts.text('manifest.report'), manifest.reportId);
  await fact(
    texts.text('manifest.template'),
    `${manifest.template.name}, ${texts.text('manifest.version')} ${manifest.template.version}`,
  );
  await fact(texts.text('manifest.hash'), manifest.hash);
  for (const section of manifest.sections) {
    if (section.columns.length === 0) continue;
    flow.y += 6;
    await flow.paragraph('H3', sect, texts.titleOf(section), { size: 9, weight: 'bold' }, 2);
    const rows = formats.integer(String(section.rowCount));
    await fact(texts.text('manifest.rows'), rows);
    if (section.totalCount > section.rowCount) {
      await fact(texts.text('manifest.totalRows'), formats.integer(String(section.totalCount)));
    }
    const limit = shown.get(section.id) ?? 0;
    if (limit < section.rowCount) {
      const text = texts.text('table.shownOf', { shown: limit, total: section.rowCount });
      await flow.paragraph('P', sect, text, { size: 8 }, 2);
    }
    await fact(texts.text('manifest.hash'), section.hash);
    for (const { column, currency, sum } of section.controlTotals) {
      const heading = texts.heading({ key: column });
      await fact(`${texts.text('manifest.controlTotal')} ${heading}`, currency ? `${sum} ${currency}` : sum);
    }
  }
  tags.end(sect);
}
