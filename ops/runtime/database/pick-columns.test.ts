import { expect, it } from '@jest/globals';
import { pickColumns } from './pick-columns.js';

it('pickColumns returns the listed columns and no other', () => {
  const row = { id: 1, created_at: 'then', password_hash: 'secret', revoked_at: null };
  const columns = ['created_at', 'revoked_at', 'not_there_yet'];
  expect(pickColumns(row, columns)).toEqual({ createdAt: 'then', revokedAt: null });
});
