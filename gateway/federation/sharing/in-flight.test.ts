import { describe, expect, it, jest } from '@jest/globals';
import { currentScope, withScope } from '#runtime/scope/scope.js';
import { copyJson } from './copy-json.js';
import { InFlight, type Question } from './in-flight.js';

type Answer = { rows: { id: number }[] };

describe('work in flight', () => {
  const onShared = jest.fn();
  const inFlight = new InFlight<Answer>({ copy: copyJson, onShared });
  let asked: {
    signal: AbortSignal;
    scoped: AbortSignal | undefined;
    answer(answer: Answer): void;
    fail(error: Error): void;
  }[] = [];

  const ask = (given: Partial<Question<Answer>> = {}) =>
    inFlight.share({
      key: 'one',
      variables: { id: 1 },
      signal: undefined,
      ask: (signal) =>
        new Promise((answer, fail) => {
          asked.push({ signal, scoped: currentScope().signal, answer, fail });
          signal.addEventListener('abort', () => fail(new Error('Nobody waits.')));
        }),
      ...given,
    });

  function reset() {
    asked = [];
    onShared.mockClear();
  }

  it('answers equal questions once, each with an answer of its own', async () => {
    reset();
    const answers = Array.from({ length: 20 }, () => ask());
    expect([asked.length, onShared.mock.calls.length, inFlight.size]).toEqual([1, 19, 1]);
    asked[0]?.answer({ rows: [{ id: 1 }] });
    const [first, ...others] = await Promise.all(answers);
    if (first?.rows[0]) first.rows[0].id = 2;
    expect(others).toEqual(Array(19).fill({ rows: [{ id: 1 }] }));
    expect(new Set(others.map(({ rows }) => rows)).size).toBe(19);
    expect(inFlight.size).toBe(0);
  });

  it('changes nothing of an answer with one reader, and asks again after it', async () => {
    reset();
    const answer: Answer = { rows: [] };
    const first = ask();
    asked[0]?.answer(answer);
    expect(await first).toBe(answer);
    const second = ask();
    expect(asked).toHaveLength(2);
    asked[1]?.answer({ rows: [{ id: 2 }] });
    expect(await second).toEqual({ rows: [{ id: 2 }] });
  });

  it('is not shared with another key or other variables', async () => {
    reset();
    const questions = [
      ask(),
      ask({ key: 'two' }),
      ask({ variables: { id: '1' } }),
      ask({ variables: { id: 1, more: null } }),
    ];
    expect(asked).toHaveLength(4);
    for (const [id, { answer }] of asked.entries()) answer({ rows: [{ id }] });
    expect((await Promise.all(questions)).map(({ rows }) => rows[0]?.id)).toEqual([0, 1, 2, 3]);
  });

  it('has one error for all', async () => {
    reset();
    const questions = [ask(), ask()];
    const error = new Error('The subgraph is away.');
    asked[0]?.fail(error);
    expect(await Promise.allSettled(questions)).toEqual(Array(2).fill({ status: 'rejected', reason: error }));
    expect(inFlight.size).toBe(0);
  });

  it('goes on when the first reader leaves, and ends with the last', async () => {
    reset();
    const [first, second, third] = [new AbortController(), new AbortController(), new AbortController()];
    const left = withScope({ signal: first.signal }, () => ask({ signal: first.signal }));
    const stays = ask({ signal: second.signal });
    first.abort();
    await expect(left).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' });
    expect([asked[0]?.signal.aborted, asked[0]?.scoped]).toEqual([false, asked[0]?.signal]);
    second.abort();
    expect(asked[0]?.signal.aborted).toBe(true);
    await expect(stays).rejects.toThrow('Nobody waits.');
    const later = ask({ signal: third.signal });
    expect(asked).toHaveLength(2);
    asked[1]?.answer({ rows: [] });
    expect(await later).toEqual({ rows: [] });
  });

  it('is ended at once for a reader that has left already', async () => {
    reset();
    await expect(ask({ signal: AbortSignal.abort() })).rejects.toThrow();
    expect(inFlight.size).toBe(0);
  });
});

it('a copy of JSON has the same values in objects of its own', () => {
  const value = JSON.parse('{"__proto__":{"isAdmin":true},"list":[{"a":null},1,"x"],"empty":{}}');
  const copy = copyJson(value);
  expect(JSON.stringify(copy)).toBe(JSON.stringify(value));
  expect((copy as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  expect(copy.list[0]).not.toBe(value.list[0]);
});
