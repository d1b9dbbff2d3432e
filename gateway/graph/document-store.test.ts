import { expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { createDocumentStore } from './document-store.js';

it('keeps the documents used last, up to the memory they take', async () => {
  const store = createDocumentStore(1024 * 1024);
  // A thousand fields are a thousand tokens of 600 bytes: one fits.
  const document = (fields: number) => parse(`{ ${'id '.repeat(fields)} }`);
  await store.set('first', document(1_000));
  await store.set('small', document(1));
  expect(await store.get('first')).toBeDefined();
  await store.set('second', document(1_000));
  expect(await store.get('second')).toBeDefined();
  expect(await store.get('first')).toBeUndefined();
  await store.set('larger than all', document(4_000));
  expect(await store.get('larger than all')).toBeUndefined();
  expect(await store.get('second')).toBeDefined();
});
