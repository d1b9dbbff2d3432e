import { describe, expect, it } from '@jest/globals';
import { nameUpTo, quotedName } from './name.js';

const problemOf = (name: string) =>
  nameUpTo(200)
    .safeParse(name)
    .error?.issues.map(({ message }) => message);

const PLAIN = 'must be one line of plain text';
const ADDRESS = 'must not contain an address, as of a page or a mailbox';

describe('a name', () => {
  it.each([
    ...['Ada', ' Ada ', 'Zoë “Z” O’Neill', '株式会社', 'می‌خواهم', 'क्‍ष', '👩‍👩‍👧 & Co.', '❤️ GmbH', 'x'.repeat(200)],
    ...['J.R.R. Tolkien', 'Dr. Müller', 'A/B Tests', 'Version 2.0', 'Inc., Ltd.', 'Ben & Jerry’s', 'Ads: Q4', 'AT&T'],
    ...['Booking.com', 'St.Gallen', 'Booking.com: Hotels', 'Expedia / Booking.com', 'ASP.NET', 'kayak．com', '1.2.3'],
  ])('may be %j', (name) => {
    expect(problemOf(name)).toBeUndefined();
  });

  it.each([
    ['Ada\r\nBcc: everyone@example.com', PLAIN],
    ['Ada\u2028Your account was hacked', PLAIN],
    ['Ada\u202egpj.exe', PLAIN],
    ['Ada\u200fLtd', PLAIN],
    ['A\u200bda', PLAIN],
    ['A\u00adda', PLAIN],
    ['Ac\u200dme', PLAIN],
    ['A\ufe0fda', PLAIN],
    ['A\u{e0041}da', PLAIN],
    ['\u001b[31mAda', PLAIN],
    ['Ada\0', 'must not contain a zero character'],
    [' \n ', 'must not be empty'],
    ['\u200b\u200d\u3164', 'must not be empty'],
    ['Acme. Pay now: https://evil.example/pay', ADDRESS],
    ['HTTP://EVIL', ADDRESS],
    ['www.evil', ADDRESS],
    ['See evil.example/pay', ADDRESS],
    ['See evil.example:8080', ADDRESS],
    ['evil.example?pay', ADDRESS],
    ['evil.example#pay', ADDRESS],
    ['evil.xn--p1ai./', ADDRESS],
    ['evil．example／pay', ADDRESS],
    ['203.0.113.7', ADDRESS],
    ['tel:+15550100', ADDRESS],
    ['mailto:evil', ADDRESS],
    ['ｈｔｔｐｓ：／／evil', ADDRESS],
    ['evil。example/', ADDRESS],
    ['mail me@evil', ADDRESS],
    ['x'.repeat(201), 'must have at most 200 characters'],
  ])('may not be %j', (name, problem) => {
    expect(problemOf(name)).toEqual([problem]);
  });
});

it('quotedName returns a short quoted line', () => {
  expect(quotedName('Acme')).toBe('“Acme”');
  expect(quotedName('Acme” is closed\r\n“')).toBe('“Acme is closed”');
  expect(quotedName('Booking.com, St.Gallen e.V. and Co.')).toBe(
    '“Booking.\u200ccom, St.\u200cGallen e.\u200cV. and Co.”',
  );
  expect(quotedName('x'.repeat(80))).toBe(`“${'x'.repeat(59)}…”`);
});
