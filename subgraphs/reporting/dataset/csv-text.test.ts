import { describe, expect, it } from '@jest/globals';
import { CsvParser, csvField, neutralizeText, restoreText } from './csv-text.js';

describe('neutralizeText', () => {
  it.each([
    ['=cmd|calc', "'=cmd|calc"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['＝1', "'＝1"],
    [' \t=1', " \t'=1"],
    ['"=1', `"'=1`],
    ["'=1", "''=1"],
    ["''=1", "'''=1"],
    ['a;=1', "a;'=1"],
    ['a, "=1', `a, "'=1`],
    ['a\t-1|+2\r\n@3', "a\t'-1|'+2\r\n'@3"],
    ["a;'=1", "a;''=1"],
  ])('keeps %j from being evaluated', (text, neutral) => {
    expect(neutralizeText(text)).toBe(neutral);
    expect(restoreText(neutral)).toBe(text);
  });

  it.each(['Autumn - 2026', "Levi's", "'quoted'", 'a=b', 'x -5', "it's; 'so'", '', '10%', "';'"])(
    'leaves %j',
    (text) => {
      expect(neutralizeText(text)).toBe(text);
      expect(restoreText(text)).toBe(text);
    },
  );

  it('gives every text back, whatever it is made of', () => {
    const parts = ['=', "'", ';', ',', '"', ' ', '\t', '|', '\n', '-', 'a', '＠', 'ش'];
    let seed = 1;
    const next = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed;
    };
    const seen = new Map<string, string>();
    for (let round = 0; round < 20_000; round += 1) {
      const text = Array.from({ length: next() % 9 }, () => parts[next() % parts.length]).join('');
      const neutral = neutralizeText(text);
      expect(restoreText(neutral)).toBe(text);
      expect(seen.get(neutral) ?? text).toBe(text);
      seen.set(neutral, text);
    }
  });

  it('takes linear time', () => {
    for (const text of ['\t'.repeat(200_000), `;${"'".repeat(200_000)}`, ' ;'.repeat(100_000)]) {
      expect(neutralizeText(`=${text}`)).toBe(`'=${text}`);
      expect(restoreText(`'=${text}`)).toBe(`=${text}`);
    }
  });
});

describe('CsvParser', () => {
  const RECORDS = [
    ['a', 'b,c', ''],
    ['"x"', 'line\r\nend', "it's"],
    ['', '', 'ümlaut'],
    ['1', '2', '3'],
  ];
  const TEXT = RECORDS.map((record) => `${record.map((field) => csvField(field)).join(',')}\r\n`).join('');

  it('reads what csvField wrote, wherever it is cut', () => {
    for (let cut = 0; cut <= TEXT.length; cut += 1) {
      const parser = new CsvParser();
      const records = [...parser.push(TEXT.slice(0, cut)), ...parser.push(TEXT.slice(cut)), ...parser.end()];
      expect(records).toEqual(RECORDS);
    }
  });

  it('reads a last record without line end, and line feeds alone', () => {
    const parser = new CsvParser(';');
    expect([...parser.push('a;"b\nc"\nd;e'), ...parser.end()]).toEqual([
      ['a', 'b\nc'],
      ['d', 'e'],
    ]);
  });

  it.each(['a,"b"c\r\n', 'a,"b'])('refuses %j', (text) => {
    const parser = new CsvParser();
    expect(() => [parser.push(text), parser.end()]).toThrow(/field/);
  });
});
