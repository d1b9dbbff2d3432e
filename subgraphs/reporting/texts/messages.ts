import type { Language } from '#reporting/dataset/dataset.js';
import { formatsOf } from './formats.js';
import { directionOf, isolate } from './isolate.js';

/** A text by the plural category of its `count` (CLDR): every category of its language. */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** A text with placeholders such as `{account}`. */
export type Message = string | Plural;

/** The texts of one subject in one language, by key. */
export type Messages = Readonly<Record<string, Message>>;

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;
type PlaceholdersOf<Given extends Message> = Given extends string
  ? Placeholders<Given>
  : Given extends Plural
    ? 'count' | Placeholders<Given['other']>
    : never;

/**
 * What fills a placeholder: a number is written as an integer; a name, isolated (`isolate`); `{ text }` as it is: a sentence, a formatted
 * figure or date, which `Formats` isolate themselves.
 */
export type Value = number | string | { text: string };

type Values<Given extends Message> = [PlaceholdersOf<Given>] extends [never]
  ? []
  : [values: Record<PlaceholdersOf<Given>, Value>];

/** Returns the text of a key with its placeholders filled. */
export type Text<Source extends Messages> = <Key extends keyof Source>(
  key: Key,
  ...values: Values<Source[Key]>
) => string;

/** What a translation has to have: the keys of the English texts. */
export type Translation<Source extends Messages> = { readonly [Key in keyof Source]: Message };

const PLACEHOLDER = /\{(\w+)\}/g;

function pluralForm(message: Plural, rules: Intl.PluralRules, count: Value | undefined): string {
  if (typeof count !== 'number') throw new TypeError('A text with plural forms needs a number as its count');
  return message[rules.select(count)] ?? message.other;
}

/** Returns the texts of a subject in a language, given in all of them; those of English name keys and placeholders. */
export function messagesOf<Source extends Messages>(
  sources: { en: Source } & Record<Exclude<Language, 'en'>, Translation<Source>>,
): (language: Language) => Text<Source> {
  return (language) => {
    const messages: Messages = sources[language];
    const direction = directionOf(language);
    const rules = new Intl.PluralRules(language);
    const { integer } = formatsOf(language);
    return (key, ...[values]) => {
      const given: Partial<Record<string, Value>> = values ?? {};
      const message = Object.hasOwn(messages, key) ? messages[key as string] : undefined;
      if (message === undefined) throw new TypeError(`There is no text ${String(key)}`);
      const text = typeof message === 'string' ? message : pluralForm(message, rules, given.count);
      return text.replace(PLACEHOLDER, (_whole, name: string) => {
        const value = Object.hasOwn(given, name) ? given[name] : undefined;
        if (value === undefined) throw new TypeError(`The text ${String(key)} needs a value of ${name}`);
        if (typeof value === 'number') return integer(String(value));
        return typeof value === 'string' ? isolate(value, direction) : value.text;
      });
    };
  };
}

const placeholdersIn = (text: string) =>
  [...new Set(Array.from(text.matchAll(PLACEHOLDER), ([, name]) => name))].sort();

const textsIn = (message: Message): string[] => (typeof message === 'string' ? [message] : Object.values(message));

/** Returns what a translation lacks, for tests: keys, placeholders, and plural categories of its language. */
export function translationProblems(language: Language, translation: Messages, source: Messages): string[] {
  const problems: string[] = [];
  for (const key of new Set([...Object.keys(source), ...Object.keys(translation)])) {
    const message = translation[key];
    const original = source[key];
    if (message === undefined || original === undefined) {
      problems.push(`${key} is not in both`);
      continue;
    }
    if (typeof original !== typeof message) problems.push(`${key} has plural forms in one of both`);
    const expected = placeholdersIn(textsIn(original).at(-1) ?? '').join();
    for (const text of textsIn(message)) {
      // "One row" may do without the number.
      const found = placeholdersIn(text).join();
      const isCounted =
        typeof message !== 'string' &&
        expected
          .split(',')
          .filter((name) => name !== 'count')
          .join() === found;
      if (found !== expected && !isCounted) problems.push(`${key} has other placeholders: ${found} for ${expected}`);
      if (text.trim() === '') problems.push(`${key} is empty`);
    }
    if (typeof message === 'string') continue;
    for (const category of new Intl.PluralRules(language).resolvedOptions().pluralCategories) {
      if (message[category] === undefined) problems.push(`${key} lacks the plural category ${category}`);
    }
  }
  return problems;
}
