import { describe, expect, it } from '@jest/globals';
import { givenName } from './account-input.js';

const problemOf = (name: string) => givenName.safeParse(name).error?.issues.map(({ message }) => message);

describe('a name', () => {
  it.each(['Ada', ' Ada ', 'Zoë “Z” O’Neill', '株式会社', 'می‌خواهم', '👩‍👩‍👧 & Co.', 'x'.repeat(200)])(
    'may be %j',
    (name) => {
      expect(problemOf(name)).toBeUndefined();
    },
  );

  it.each([
    ['Ada\r\nBcc: everyone@example.com', 'must be one line of plain text'],
    ['Ada\u2028Your account was hacked', 'must be one line of plain text'],
    ['Ada\u202egpj.exe', 'must be one line of plain text'],
    ['\u001b[31mAda', 'must be one line of plain text'],
    ['Ada\0', 'must not contain a zero character'],
    [' \n ', 'must not be empty'],
    ['\u200b\u200d\u3164', 'must not be empty'],
    ['x'.repeat(201), 'must have at most 200 characters'],
  ])('may not be %j', (name, problem) => {
    expect(problemOf(name)).toEqual([problem]);
  });
});
