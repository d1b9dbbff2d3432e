import { currencyIndex, isNumber } from '#reporting/dataset/columns.js';
import type { Cell, Column, Dataset, Manifest, Row, Section } from '#reporting/dataset/dataset.js';
import { worstSources } from '#reporting/dataset/sources.js';
import type { Format, Presentation } from '#reporting/rendering/renderer.js';
import { type Texts, textsOf } from '#reporting/texts/texts.js';
import { chartFigure } from './chart-svg.js';
import { type Markup, markup, named, shorten } from './markup.js';
import { readSections, type ShownSection } from './read-sections.js';
import type { SharedPage } from './share-pages.js';
import { styleOf } from './style.js';

/** What the page of a report is made of. */
export interface ReportPageParts {
  dataset: Dataset;
  presentation: Presentation;
  share: { formats: Format[]; expiresAt: Date };
  /** In the addresses of the files and the logo. */
  token: string;
}

const currencyOf = ({ columns }: Section, row: Row): Cell => row[currencyIndex(columns)] ?? null;

const fact = (name: string, ...values: (Markup | string)[]) =>
  markup`<dt>${name}</dt>${values.map((value) => markup`<dd>${value}</dd>`)}`;

function cover({ dataset, presentation, share, token }: ReportPageParts, texts: Texts): Markup {
  const { manifest } = dataset;
  const { text, formats } = texts;
  const { branding } = presentation;
  const { clients, range, compared, timeZone, currency, generatedAt, organization } = manifest;
  const { logo } = branding;
  const facts = [
    fact(text('cover.period'), formats.days(range)),
    compared && fact(text('cover.compared'), formats.days(compared)),
    clients.length > 0 && fact(text(clients.length === 1 ? 'cover.client' : 'cover.clients'), ...clients.map(named)),
    currency && fact(text('cover.currency'), currency),
    fact(text('cover.organization'), named(organization)),
    fact(text('cover.generated'), formats.instant(generatedAt, timeZone)),
  ];
  const files = share.formats.map(
    (format) =>
      markup`<li><a href="/shared/${token}/report.${format}" download rel="nofollow">${text('share.downloadFormat', { format: format.toUpperCase() })}</a></li>`,
  );
  return markup`<header><p class="brand">${
    logo &&
    markup`<img class="logo" src="/shared/${token}/logo.png" alt="" width="${logo.width}" height="${logo.height}">`
  }<span>${named(branding.name)}</span></p><h1>${named(manifest.title)}</h1><dl class="facts">${facts}</dl>${
    files.length > 0 && markup`<nav aria-label="${text('share.download')}"><ul class="files">${files}</ul></nav>`
  }</header>`;
}

function summary({ summary: { sentences, wordedBy, model } }: Manifest, { text }: Texts): Markup | null {
  if (sentences.length === 0) return null;
  const by = wordedBy === 'MODEL' ? text('summary.MODEL', { model: model ?? '' }) : text('summary.RULES');
  return markup`<section aria-labelledby="summary"><h2 id="summary">${text('summary.title')}</h2><ul class="notes">${sentences.map(
    (sentence) => markup`<li><bdi>${sentence}</bdi></li>`,
  )}</ul><p class="note">${by}</p></section>`;
}

function changeOf(cell: Cell, { text, formats }: Texts): string {
  if (cell === null) return text('tile.noComparison');
  if (!/[1-9]/.test(cell)) return `= ${text('tile.same')}`;
  const isDown = cell.startsWith('-');
  const change = { text: formats.isolated(formats.percent(cell.replace(/^[-+]/, ''))) };
  return isDown ? `↓ ${text('tile.down', { change })}` : `↑ ${text('tile.up', { change })}`;
}

function tiles(section: Section, texts: Texts): (Markup | null)[] {
  const { columns, totals, show, compared } = section;
  if (!show.tiles) return [];
  const cellOf = (row: Row, key: string) => row[columns.findIndex((column) => column.key === key)] ?? null;
  return totals.map((row) => {
    const currency = currencyOf(section, row);
    const shown = columns.filter(({ role, key }) => role === 'CURRENT' && cellOf(row, key) !== null);
    if (shown.length === 0) return null;
    const tile = (column: Column) => {
      const previous = columns.find(({ role, metric }) => role === 'PREVIOUS' && metric === column.metric);
      const change = columns.find(({ role, metric }) => role === 'CHANGE' && metric === column.metric);
      const before = previous && cellOf(row, previous.key);
      return markup`<div><dt>${shorten(texts.heading(column))}</dt><dd class="value"><bdi>${texts.formatCell(cellOf(row, column.key), column, currency)}</bdi></dd>${
        compared && change ? markup`<dd class="more">${changeOf(cellOf(row, change.key), texts)}</dd>` : null
      }${
        compared && previous && typeof before === 'string'
          ? markup`<dd class="more">${texts.text('tile.previous', { value: { text: texts.formats.isolated(texts.formatCell(before, previous, currency)) } })}</dd>`
          : null
      }</div>`;
    };
    const heading = totals.length > 1 && currency && markup`<h3>${texts.text('table.totalIn', { currency })}</h3>`;
    return markup`${heading || null}<dl class="tiles">${shown.map(tile)}</dl>`;
  });
}

function cellMarkup(cell: Cell, column: Column, currency: Cell, { formatCell }: Texts, isHead = false): Markup {
  const shown = formatCell(cell, column, currency);
  if (isHead) return markup`<th scope="row">${named(shown)}</th>`;
  if (column.kind === 'ID') return markup`<td class="id">${named(shown)}</td>`;
  return isNumber(column.kind) ? markup`<td class="number"><bdi>${shown}</bdi></td>` : markup`<td>${named(shown)}</td>`;
}

/** Returns the sums below a table; the first cell of each says so. */
function footOf(section: Section, texts: Texts): Markup | null {
  const { columns, totals } = section;
  if (totals.length === 0) return null;
  const rows = totals.map((row) => {
    const currency = currencyOf(section, row);
    const head = currency ? texts.text('table.totalIn', { currency }) : texts.text('table.total');
    const cells = columns
      .slice(1)
      .map((column, index) =>
        column.role === 'DIMENSION' && column.key !== 'currency'
          ? markup`<td></td>`
          : cellMarkup(row[index + 1] ?? null, column, currency, texts),
      );
    return markup`<tr><th scope="row">${head}</th>${cells}</tr>`;
  });
  return markup`<tfoot>${rows}</tfoot>`;
}

function table({ section, rows }: ShownSection, title: string, share: ReportPageParts['share'], texts: Texts) {
  const { columns, show, rowCount, totalCount } = section;
  if (!show.table) return null;
  if (rowCount === 0) return markup`<p>${texts.text('table.empty')}</p>`;
  const head = columns.map(
    (column) =>
      markup`<th scope="col"${isNumber(column.kind) && markup` class="number"`}>${shorten(texts.heading(column))}</th>`,
  );
  const body = rows.map((row) => {
    const currency = currencyOf(section, row);
    return markup`<tr>${columns.map((column, index) => cellMarkup(row[index] ?? null, column, currency, texts, index === 0))}</tr>`;
  });
  const hasAll = share.formats.some((format) => format !== 'pdf');
  const notes = [
    rows.length < rowCount &&
      markup`<p class="note">${texts.text('share.firstRows', { shown: rows.length, total: rowCount })} ${hasAll && texts.text('share.allRows')}</p>`,
    rowCount < totalCount &&
      markup`<p class="note">${texts.text('table.limited', { shown: rowCount, total: totalCount })}</p>`,
  ];
  return markup`<div class="wide" tabindex="0" role="region" aria-label="${title}"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody>${footOf(section, texts)}</table></div>${notes}`;
}

function sectionMarkup(shown: ShownSection, index: number, parts: ReportPageParts, texts: Texts): Markup {
  const { section, charts } = shown;
  const { range, compared } = section;
  const title = shorten(texts.titleOf(section));
  const { manifest } = parts.dataset;
  const isOther = range && (range.start !== manifest.range.start || range.end !== manifest.range.end);
  const days = [
    isOther && markup`<p class="note">${texts.formats.days(range)}</p>`,
    isOther &&
      compared &&
      markup`<p class="note">${texts.text('note.compared', { days: { text: texts.formats.days(compared) } })}</p>`,
  ];
  const style = { branding: parts.presentation.branding, texts };
  return markup`<section aria-labelledby="section-${index}"><h2 id="section-${index}">${named(title)}</h2>${days}${
    section.text !== null && markup`<p class="text" dir="auto">${section.text}</p>`
  }${section.kind === 'TEXT' ? null : [tiles(section, texts), charts.map((chart) => chartFigure(chart, style)), table(shown, title, parts.share, texts)]}</section>`;
}

function notes({ dataset: { manifest } }: ReportPageParts, texts: Texts): Markup {
  const { text, formats } = texts;
  const { timeZone, conversion, compared, generatedAt, sections } = manifest;
  const sources = worstSources(sections.flatMap((section) => section.sources));
  const described = [...new Set(sources.map((source) => texts.describeSource(source, timeZone)))];
  const providers = [...new Set(sources.flatMap(({ provider }) => provider ?? []))];
  const attributions = providers.flatMap((provider) => texts.attributionOf(provider) ?? []);
  const general = [
    text('note.timeZone', { timeZone }),
    conversion
      ? text('note.converted', { currency: conversion.currency, source: conversion.source })
      : text('note.currencies'),
    ...(conversion?.rates ?? []).map(({ currency, from, to, rate }) =>
      [
        text('note.rates', { currency, days: { text: formats.days({ start: from, end: to }) } }),
        ...(rate === null ? [] : [formats.isolated(rate)]),
      ].join(': '),
    ),
    compared && text('note.compared', { days: { text: formats.days(compared) } }),
    text('note.asOf', { instant: { text: formats.instant(generatedAt, timeZone) } }),
    text('note.noValue'),
    text('share.shortened'),
  ];
  const list = (items: readonly (string | null)[]) =>
    markup`<ul class="notes">${items.flatMap((item) => (item ? [markup`<li>${item}</li>`] : []))}</ul>`;
  return markup`<section aria-labelledby="notes"><h2 id="notes">${text('note.title')}</h2>${list(general)}${
    described.length > 0 && markup`<h3>${text('note.sources')}</h3>${list(described)}`
  }${attributions.length > 0 && markup`<h3>${text('note.attribution')}</h3>${list(attributions)}`}</section>`;
}

/**
 * Returns the page of a report for the bearer of a share link: the cover, the summary, and of each section its tiles, charts and the
 * first 100 rows. All text is escaped; names stand in elements of their own direction.
 */
export async function reportPage(parts: ReportPageParts): Promise<SharedPage> {
  const { dataset, presentation, share } = parts;
  const { manifest } = dataset;
  const { branding, language } = presentation;
  const texts = textsOf(language);
  const shown = await readSections(dataset);
  const expires = texts.formats.day(share.expiresAt.toISOString().slice(0, 10));
  const body = markup`<div class="bar"></div><a class="skip" href="#report">${texts.text('share.skip')}</a>${cover(parts, texts)}<main id="report">${summary(manifest, texts)}${shown.map((section, index) => sectionMarkup(section, index, parts, texts))}${notes(parts, texts)}</main><footer>${
    branding.footer && markup`<p>${named(branding.footer)}</p>`
  }<p>${texts.text('share.expires', { day: { text: expires } })}</p></footer>`;
  return {
    state: 'OPEN',
    language,
    direction: texts.direction,
    title: shorten(manifest.title),
    style: styleOf(branding),
    body: body.text,
  };
}
