import type { Language } from '#reporting/dataset/dataset.js';
import type { WrittenFact } from '#reporting/summary/write-sentences.js';
import { formatsOf } from '#reporting/texts/formats.js';
import { directionOf, isolate } from '#reporting/texts/isolate.js';
import { findNumbers, isKnown, type KnownNumber, numbersOf } from './numbers.js';
import { ar } from './words/ar.js';
import { de } from './words/de.js';
import { en } from './words/en.js';
import type { Vocabulary } from './words/vocabulary.js';

/** Why a sentence is dropped. */
export type Fault =
  | 'length'
  | 'characters'
  | 'link'
  | 'number'
  | 'word'
  | 'claim'
  | 'direction'
  | 'negation'
  | 'attribution'
  | 'nothing-cited'
  | 'without-figures';

const vocabularies: Record<Language, Vocabulary> = { en, de, ar };

const MAX_LENGTH = 400;

/** What a sentence may be made of besides letters, marks and digits. */
const CHARACTERS = /^[\p{L}\p{M}\p{Nd}\s.,;:()'’‘"“”„«»–—\-%٪+−·…،؛/&\p{Sc}]*$/u;

/** With three letters or more: "z. B." and "e.g." are no addresses. */
const LINK = /:\/\/|www\.|@|[\p{L}\d-]{2,}\.\p{L}{2,}/iu;

const CONTROLS = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Returns a text as it is compared: without marks of direction, and with plain spaces. */
const plain = (text: string) =>
  text
    .normalize('NFC')
    .replace(CONTROLS, '')
    .replace(/[\u00a0\u2009\u202f]/g, ' ');

interface Piece {
  kind: 'text' | 'name' | 'figure' | 'label';
  text: string;
  /** As it is given, with the spaces of its format. */
  shown?: string;
}

const isWordLike = (character: string | undefined) => character !== undefined && /[\p{L}\p{M}\p{Nd}]/u.test(character);
/** A number that goes on: `12` is not in `12.5`. */
const goesOn = (before: string, after: string) => /\p{Nd}[.,٫٬]$/u.test(before) || /^[.,٫٬]\p{Nd}/u.test(after);
/** A number whose sign belongs to it. */
const isSigned = (before: string) => /(?:^|[^\p{L}\p{Nd}])[+−-] ?$/u.test(before);

/** Takes what is known out of the pieces that are still text. */
function takeOut(pieces: Piece[], literal: string, kind: Piece['kind'], prefixes: string[]): Piece[] {
  const wanted = plain(literal);
  if (wanted === '') return pieces;
  return pieces.flatMap((piece): Piece[] => {
    if (piece.kind !== 'text') return [piece];
    // Headings in the middle of a sentence begin with a small letter.
    const haystack = kind === 'label' ? piece.text.toLowerCase() : piece.text;
    const needle = kind === 'label' ? wanted.toLowerCase() : wanted;
    const found: Piece[] = [];
    let from = 0;
    for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + 1)) {
      if (at < from) continue;
      const [before, after] = [piece.text.slice(0, at), piece.text.slice(at + needle.length)];
      const word = /[\p{L}\p{M}]+$/u.exec(before)?.[0] ?? '';
      const isPrefixed = word !== '' && prefixes.includes(word);
      const isPart = (isWordLike(before.at(-1)) && !isPrefixed) || isWordLike(after[0]) || goesOn(before, after);
      if (isPart || (kind === 'figure' && isSigned(before))) continue;
      found.push(
        { kind: 'text', text: piece.text.slice(from, at) },
        {
          kind,
          text: piece.text.slice(at, at + needle.length),
          ...(kind !== 'label' && { shown: literal }),
        },
      );
      from = at + needle.length;
    }
    return [...found, { kind: 'text', text: piece.text.slice(from) }];
  });
}

const wordsIn = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];

const listOf = (words: string) => new Set(wordsIn(words));

interface Words {
  plain: Set<string>;
  up: Set<string>;
  down: Set<string>;
  better: Set<string>;
  worse: Set<string>;
  not: Set<string>;
}

const wordLists = new Map<Language, Words>();

function wordsOf(language: Language): Words {
  const known = wordLists.get(language);
  if (known) return known;
  const { plain: usual, up, down, better, worse, not } = vocabularies[language];
  const lists = {
    plain: listOf(usual),
    up: listOf(up),
    down: listOf(down),
    better: listOf(better),
    worse: listOf(worse),
    not: listOf(not),
  };
  wordLists.set(language, lists);
  return lists;
}

/** The words a model may use, for its instructions. */
export function allowedWords(language: Language): string {
  const { plain: usual, up, down, better, worse, not } = vocabularies[language];
  return [usual, up, down, better, worse, not].join(' ').replace(/\s+/g, ' ').trim();
}

type Claim = Exclude<keyof Words, 'plain'>;

/** What facts claim: words of another claim are not theirs. */
function claimsOf(facts: WrittenFact[], own: Set<string>, words: Words): Set<Claim> {
  const claims = new Set<Claim>();
  for (const { fact } of facts) {
    const isRank = fact.rule === 'improved' || fact.rule === 'worsened';
    if (fact.direction && !isRank) claims.add(fact.direction);
    if (fact.rule === 'improved' || fact.rule === 'best') claims.add('better');
    if (fact.rule === 'worsened' || fact.rule === 'weakest') claims.add('worse');
  }
  // What the sentence by rules says is said by the facts.
  for (const claim of ['up', 'down', 'better', 'worse', 'not'] as const) {
    if ([...own].some((word) => words[claim].has(word))) claims.add(claim);
  }
  return claims;
}

function withoutPrefix(word: string, prefixes: string[], isKnownWord: (word: string) => boolean): string {
  if (isKnownWord(word)) return word;
  const rest = prefixes.map((prefix) => (word.startsWith(prefix) ? word.slice(prefix.length) : '')).find(isKnownWord);
  return rest ?? word;
}

function faultOfWords(texts: string[], facts: WrittenFact[], language: Language): Fault | null {
  const { prefixes, refused } = vocabularies[language];
  const words = wordsOf(language);
  const own = new Set(facts.flatMap(({ wording }) => wordsIn(plain(wording))));
  const claims = claimsOf(facts, own, words);
  const isAllowed = (word: string) => own.has(word) || Object.values(words).some((list: Set<string>) => list.has(word));
  const used = texts.flatMap(wordsIn).map((word) => withoutPrefix(word, prefixes, isAllowed));
  if (used.some((word) => !isAllowed(word))) return 'word';
  // A space stands for what was taken out, a digit for a figure.
  const claimed = (claim: Claim) => used.some((word) => words[claim].has(word) && !own.has(word)) && !claims.has(claim);
  if (claimed('not')) return 'negation';
  if ((['up', 'down', 'better', 'worse'] as const).some(claimed)) return 'direction';
  return refused.test(texts.join(' ')) ? 'claim' : null;
}

/** Which of the facts a piece belongs to. */
function ownersOf({ kind, text }: Piece, facts: WrittenFact[], language: Language): WrittenFact[] {
  if (kind === 'text') return [];
  return facts.filter((fact) => {
    if (kind === 'name') return fact.names.some((name) => plain(name) === text);
    if (kind === 'label') return fact.labels.some((label) => plain(label).toLowerCase() === text.toLowerCase());
    if (fact.figures.some((figure) => plain(figure) === text)) return true;
    const known = numbersOf([fact]);
    return findNumbers(text, { language, vocabulary: vocabularies[language], known }).some((one) =>
      isKnown(one, known),
    );
  });
}

/** Whether the figures of one fact stand beside the names of another, or those of before and after have changed places. */
function isMixed(pieces: Piece[], facts: WrittenFact[], language: Language): boolean {
  const runs: WrittenFact[] = [];
  for (const piece of pieces) {
    const [owner, ...others] = ownersOf(piece, facts, language);
    if (owner && others.length === 0 && runs.at(-1) !== owner) runs.push(owner);
  }
  if (runs.length !== new Set(runs).size) return true;
  const { from, to } = vocabularies[language];
  return pieces.some(({ kind, text }, index) => {
    if (kind !== 'figure') return false;
    const word = wordsIn(pieces[index - 1]?.kind === 'text' ? (pieces[index - 1]?.text ?? '') : '').at(-1) ?? '';
    const is = (role: 'current' | 'previous') =>
      facts.some((fact) => fact[role] !== null && plain(fact[role]) === text) &&
      !facts.some((fact) => {
        const other = fact[role === 'current' ? 'previous' : 'current'];
        return other !== null && plain(other) === text;
      });
    return (from.includes(word) && is('current')) || (to.includes(word) && is('previous'));
  });
}

/** A checked sentence as it may be shown, or why it may not. */
export type Checked = { text: string } | { fault: Fault };

/** What a sentence is checked against. */
export interface CheckInput {
  language: Language;
  /** Those it says it is about. */
  facts: WrittenFact[];
  /** What every sentence may mention: periods and their months, the organization. */
  labels: string[];
}

/**
 * Checks one sentence of a model against the facts it is about: every number, name, direction and word. Returns it with its names and
 * figures isolated for mixed text.
 */
export function checkSentence(given: string, { language, facts, labels }: CheckInput): Checked {
  if (facts.length === 0) return { fault: 'nothing-cited' };
  // Before marks of direction are taken out: overrides are never honest.
  if (/[\u202a-\u202e\p{Cc}]/u.test(given.trim())) return { fault: 'characters' };
  const sentence = plain(given).trim();
  if (sentence.length === 0 || sentence.length > MAX_LENGTH) return { fault: 'length' };
  const asByRules = facts.find((fact) => plain(fact.sentence) === sentence);
  if (asByRules) return { text: asByRules.sentence };
  const { prefixes } = vocabularies[language];
  const known: [string, Piece['kind']][] = [
    ...facts.flatMap(({ names }) => names.map((name): [string, Piece['kind']] => [name, 'name'])),
    ...facts.flatMap(({ figures }) => figures.map((figure): [string, Piece['kind']] => [figure, 'figure'])),
    ...[...labels, ...facts.flatMap((fact) => fact.labels)].map((label): [string, Piece['kind']] => [label, 'label']),
  ];
  known.sort(([one], [other]) => other.length - one.length);
  let pieces: Piece[] = [{ kind: 'text', text: sentence }];
  for (const [literal, kind] of known) pieces = takeOut(pieces, literal, kind, prefixes);

  const numbers = numbersOf(facts);
  const checked = pieces.flatMap((piece) =>
    piece.kind === 'text' ? splitNumbers(piece.text, language, numbers) : [piece],
  );
  if (checked.some((piece) => piece === null)) return { fault: 'number' };
  const all = checked as Piece[];
  const texts = all.flatMap(({ kind, text }) => (kind === 'text' ? text : kind === 'figure' ? ' 0 ' : ' '));
  const bare = all.filter(({ kind }) => kind === 'text').map(({ text }) => text);
  if (bare.some((text) => LINK.test(text))) return { fault: 'link' };
  if (bare.some((text) => !CHARACTERS.test(text))) return { fault: 'characters' };
  const fault = faultOfWords([texts.join('')], facts, language);
  if (fault) return { fault };
  // Which of both went which way cannot be checked.
  if (new Set(facts.flatMap(({ fact: { direction } }) => direction ?? [])).size > 1) return { fault: 'direction' };
  if (isMixed(all, facts, language)) return { fault: 'attribution' };
  if (!all.some(({ kind }) => kind === 'figure' || kind === 'name')) return { fault: 'without-figures' };
  const direction = directionOf(language);
  const { isolated } = formatsOf(language);
  const parts = all.map(({ kind, text, shown = text }) => {
    if (kind === 'name') return isolate(shown, direction);
    return kind === 'figure' ? isolated(shown) : text;
  });
  const text = parts.join('');
  return { text: /[.:…]$/.test(text) ? text : `${text}.` };
}

/** Divides a text into known numbers and what is between them; null in place of a number that is not known. */
function splitNumbers(text: string, language: Language, known: KnownNumber[]): (Piece | null)[] {
  const found = findNumbers(text, { language, vocabulary: vocabularies[language], known });
  const pieces: (Piece | null)[] = [];
  let from = 0;
  for (const number of found) {
    const after = text[number.index + number.text.length];
    const before = text[number.index - 1];
    pieces.push({ kind: 'text', text: text.slice(from, number.index) });
    // Part of a word or of another number: 2nd, A4, 12.5.
    const isPart = isWordLike(after) || isWordLike(before) || goesOn(text.slice(0, number.index), '');
    pieces.push(!isPart && isKnown(number, known) ? { kind: 'figure', text: number.text } : null);
    from = number.index + number.text.length;
  }
  const rest = text.slice(from);
  pieces.push(/\p{N}/u.test(rest) ? null : { kind: 'text', text: rest });
  return pieces;
}
