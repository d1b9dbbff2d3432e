import { expect, it } from '@jest/globals';
import { settleAll } from './settle-all.js';

it('resolves with all values in order', async () => {
  expect(await settleAll([Promise.resolve(1), Promise.resolve('two')])).toEqual([1, 'two']);
});

it('rejects with the first failure once the others have settled', async () => {
  const ended: string[] = [];
  let end = () => {};
  const slow = new Promise<void>((resolve) => {
    end = resolve;
  }).then(() => void ended.push('slow'));
  const all = settleAll([Promise.reject(new Error('refused')), slow]).catch(({ message }) => ended.push(message));
  await new Promise(setImmediate);
  expect(ended).toEqual([]);
  end();
  await all;
  expect(ended).toEqual(['slow', 'refused']);
});
