import { describe, expect, it } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { shareData } from '#gateway/federation/sharing/shared-data.js';
import { writeAnswer } from './write-answer.js';

describe('the bytes of an answer', () => {
  const errors = [new GraphQLError('Not found: “é”.', { path: ['a', 0], extensions: { code: 'NOT_FOUND' } })];
  const data = { a: [{ b: 'ü', c: null, d: 1.5 }, null], e: { f: '"' } };
  const extensions = { cost: { actual: 1 } };

  it.each([
    [{ data }],
    [{ data, extensions }],
    [{ errors, data, extensions }],
    [{ errors, data: null }],
    [{ errors }],
    [{}],
    [{ data: undefined, errors: undefined, extensions: undefined }],
  ])('are those that Apollo Server would write of %j', (answer) => {
    const { errors: problems, data: given, extensions: more } = answer as Record<string, never>;
    const expected = `${JSON.stringify({ errors: problems, data: given, extensions: more })}\n`;
    expect(writeAnswer(answer).toString()).toBe(expected);
  });

  it('of data that several requests have are the same, with what differs around it', () => {
    const shared = shareData(structuredClone(data));
    const answers = [{ data: shared }, { data: shared, extensions }, { errors, data: shared }];
    const written = answers.map((answer) => JSON.parse(writeAnswer(answer).toString()));
    for (const answer of written) expect(answer.data).toEqual(data);
    expect(written.map((answer) => Object.keys(answer))).toEqual([
      ['data'],
      ['data', 'extensions'],
      ['errors', 'data'],
    ]);
  });
});
