import { isText } from '#reporting/dataset/columns.js';
import type { Cell, Column, Days, Language, Section, SectionSource } from '#reporting/dataset/dataset.js';
import { ar } from './ar.js';
import { de } from './de.js';
import { en } from './en.js';
import { type Formats, formatsOf } from './formats.js';
import { type Direction, directionOf } from './isolate.js';
import { messagesOf, type Text } from './messages.js';

/** The texts and formats of reports in one language. */
export interface Texts {
  language: Language;
  direction: Direction;
  formats: Formats;
  /** The text of a key of `en.ts`, with its placeholders filled. */
  text: Text<typeof en>;
  /** The title of a section: that of the template, else the one of its kind with what its rows are grouped by. */
  titleOf(section: Pick<Section, 'kind' | 'title' | 'columns'>): string;
  /** The title of a report: the name of its template, in this language where every organization has it, and its days. */
  reportTitle(template: { id: string; name: string }, days: Days): string;
  /** The heading of a column; what has no text here, such as a metric of one provider, keeps its own name. */
  heading(column: Pick<Column, 'key'>): string;
  /**
   * A cell as it is shown: figures and days formatted, words of the API translated, a dash for no value. `currency` is that of its row.
   * Figures of right-to-left languages are to be drawn from left to right.
   */
  formatCell(cell: Cell, column: Pick<Column, 'key' | 'kind' | 'role'>, currency: Cell): string;
  /** How complete the figures of an account are, in a sentence or two. */
  describeSource(source: SectionSource, timeZone: string): string;
  /** How a provider, by its id or name, assigns and counts; null where there is nothing to say. */
  attributionOf(provider: string): string | null;
}

const textOf = messagesOf({ en, de, ar });

const hasText = (key: string): key is keyof typeof en & string => Object.hasOwn(en, key);

/** Dimensions whose values are words of the API. */
const DIMENSIONS_OF_WORDS = new Set(['status', 'device', 'repeats']);

/** Kinds of sections that a report may have several of, grouped differently. */
const GROUPED = new Set<Section['kind']>(['PERFORMANCE', 'SEARCH_QUERIES', 'ANALYTICS', 'PLACES', 'POSTS']);

const isGroup = ({ role, kind }: Column) => role === 'DIMENSION' && kind !== 'ID';

function createTexts(language: Language): Texts {
  const formats = formatsOf(language);
  // Keys that are looked up have no placeholders.
  const text = textOf(language);
  const plainText = text as (key: string) => string;

  const nameOf = (key: string): string => {
    if (hasText(`column.${key}`)) return plainText(`column.${key}`);
    const [, entity] = /^(.+)_id$/.exec(key) ?? [];
    return entity && hasText(`column.${entity}`) ? text('heading.id', { name: plainText(`column.${entity}`) }) : key;
  };

  const formatFigure = (cell: string, { kind, role }: Pick<Column, 'kind' | 'role'>, currency: Cell): string => {
    if (role === 'CHANGE') return formats.change(cell);
    if (kind === 'INTEGER') return formats.integer(cell);
    if (kind === 'PERCENT') return formats.percent(cell);
    return kind === 'MONEY' && currency !== null ? formats.money(cell, currency) : formats.decimal(cell);
  };

  return {
    language,
    direction: directionOf(language),
    formats,
    text,
    titleOf: ({ kind, title, columns }) => {
      if (title !== null) return title;
      const groups = GROUPED.has(kind) ? columns.filter(isGroup).map(({ key }) => nameOf(key)) : [];
      return [text(`section.${kind}`), formats.list(groups)].filter(Boolean).join(' – ');
    },
    reportTitle: ({ id, name }, days) => {
      const template = hasText(`template.${id}`) ? plainText(`template.${id}`) : name;
      return text('report.title', { template, days: { text: formats.days(days) } });
    },
    heading: ({ key }) => {
      const [, role, metric = ''] = /^(previous|change)\.(.+)$/.exec(key) ?? [];
      if (role === 'previous') return text('heading.previous', { name: nameOf(metric) });
      return role === 'change' ? text('heading.change', { name: nameOf(metric) }) : nameOf(key);
    },
    formatCell: (cell, column, currency) => {
      const { key, kind } = column;
      if (cell === null) return text('value.none');
      if (kind === 'DATE') return key === 'month' ? formats.month(cell) : formats.day(cell);
      if (!isText(kind)) return formatFigure(cell, column, currency);
      const word = key === 'state' ? `state.${cell}` : `value.${cell}`;
      return (key === 'state' || DIMENSIONS_OF_WORDS.has(key)) && hasText(word) ? plainText(word) : cell;
    },
    describeSource: ({ account, state, reportedThrough, fetchedAt, message }, timeZone) => {
      const sentences: string[] = [];
      if (state === 'MISSING') {
        sentences.push(
          message ? text('source.MISSING.because', { account, reason: message }) : text('source.MISSING', { account }),
        );
      } else if (state === 'STALE' && fetchedAt) {
        sentences.push(text('source.STALE', { account, instant: { text: formats.instant(fetchedAt, timeZone) } }));
      } else {
        sentences.push(text(state === 'COMPLETE' ? 'source.COMPLETE' : 'source.NOT_FINAL', { account }));
      }
      if (reportedThrough) sentences.push(text('source.through', { day: { text: formats.day(reportedThrough) } }));
      else if (state === 'MISSING') sentences.push(text('source.noDay'));
      return sentences.join(' ');
    },
    attributionOf: (provider) => {
      const key = `attribution.${provider.toLowerCase().replaceAll(' ', '-')}`;
      return hasText(key) ? plainText(key) : null;
    },
  };
}

const created = new Map<Language, Texts>();

/** Returns the texts and formats of reports in a language. */
export function textsOf(language: Language): Texts {
  const texts = created.get(language) ?? createTexts(language);
  created.set(language, texts);
  return texts;
}
