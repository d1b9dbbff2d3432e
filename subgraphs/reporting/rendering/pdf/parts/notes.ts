import type { Manifest } from '#reporting/dataset/dataset.js';
import { worstSources } from '#reporting/dataset/sources.js';
import { A4 } from '#reporting/rendering/pdf/document.js';
import { type Flow, styles } from './flow.js';

/** Draws what has to be known to read the figures: time zone, currencies and rates, attribution, freshness, what is missing. */
export async function drawNotes(flow: Flow, manifest: Manifest): Promise<void> {
  const { document } = flow;
  const { texts, tags, branding } = document;
  const { formats } = texts;
  const sources = worstSources(manifest.sections.flatMap((section) => section.sources));
  await flow.newPage(A4);
  const section = tags.start('Sect', tags.document);
  const title = texts.text('note.title');
  document.addBookmark(title);
  await flow.paragraph('H2', section, title, { ...styles.heading, color: branding.primaryColor }, 8);
  const note = (text: string) => flow.paragraph('P', section, text, styles.body, 4);
  await note(texts.text('note.asOf', { instant: { text: formats.instant(manifest.generatedAt, manifest.timeZone) } }));
  await note(texts.text('note.timeZone', { timeZone: manifest.timeZone }));
  if (manifest.compared) await note(texts.text('note.compared', { days: { text: formats.days(manifest.compared) } }));
  const { conversion } = manifest;
  if (conversion) {
    const { currency, source, sourceUrl } = conversion;
    await note(texts.text('note.converted', { currency, source: sourceUrl ? `${source}, ${sourceUrl}` : source }));
    for (const { currency: other, from, to, rate } of conversion.rates) {
      const days = { text: formats.days({ start: from, end: to }) };
      await note(
        rate === null
          ? texts.text('note.rates', { currency: other, days })
          : texts.text('note.rate', { from: other, rate, to: currency, day: { text: formats.day(to) } }),
      );
    }
  } else await note(texts.text('note.currencies'));
  await note(texts.text('note.noValue'));
  await note(texts.text('note.rows'));

  if (sources.length > 0) {
    flow.y += 8;
    await flow.paragraph('H3', section, texts.text('note.sources'), styles.subheading, 4);
    for (const source of sources) await note(texts.describeSource(source, manifest.timeZone));
  }
  const attributions = new Set(sources.map(({ provider }) => (provider ? texts.attributionOf(provider) : null)));
  attributions.delete(null);
  if (attributions.size > 0) {
    flow.y += 8;
    await flow.paragraph('H3', section, texts.text('note.attribution'), styles.subheading, 4);
    for (const text of attributions) if (text) await note(text);
  }
  const { missing, hasEmoji } = document.text.pictures;
  if (missing > 0) await note(texts.text('note.noGlyph', { count: missing }));
  if (hasEmoji) {
    flow.y += 8;
    await flow.paragraph(
      'P',
      section,
      'Emoji: Twemoji, © Twitter, Inc and other contributors, CC BY 4.0',
      styles.small,
      4,
    );
  }
  tags.end(section);
}
