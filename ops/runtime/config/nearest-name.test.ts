import { describe, expect, it } from '@jest/globals';
import { nearestName } from './nearest-name.js';

const known = ['DATABASE_URL', 'REDIS_URL', 'PORT', 'HOST', 'SMTP_URL'];

describe('the nearest name', () => {
  it.each([
    ['two letters swapped', 'DATABSAE_URL', 'DATABASE_URL'],
    ['a letter left out', 'DATABSE_URL', 'DATABASE_URL'],
    ['a letter too many', 'REDDIS_URL', 'REDIS_URL'],
    ['a wrong letter', 'PURT', 'PORT'],
    ['no mistake', 'REDIS_URL', 'REDIS_URL'],
    ['two mistakes', 'DATABSE_ULR', 'DATABASE_URL'],
  ])('is found behind %s', (_what, name, expected) => {
    expect(nearestName(name, known)).toBe(expected);
  });

  it.each([['PATH'], ['EDITOR'], ['PG'], [''], ['DATABASE'], ['MYSQL_URL']])('of %s is none', (name) => {
    expect(nearestName(name, known)).toBeUndefined();
  });
});
