import { describe, expect, it } from '@jest/globals';
import { accountOfRow } from './accounts.js';

const row = (client: object) => ({
  customerClient: {
    id: '1234567890',
    descriptiveName: 'Acme',
    manager: false,
    currencyCode: 'EUR',
    timeZone: 'Europe/Berlin',
    status: 'ENABLED',
    ...client,
  },
});

describe('Google Ads accounts', () => {
  it('have the manager they are reached through', () => {
    expect(accountOfRow(row({}), '1111111111')?.access).toEqual({ loginCustomerId: '1111111111' });
    expect(accountOfRow(row({}), '1234567890')?.access).toEqual({});
  });

  it('exclude managers', () => {
    expect(accountOfRow(row({ manager: true }), '1111111111')).toBeUndefined();
  });

  it('are named by id without a name, and have a status', () => {
    const account = accountOfRow(row({ descriptiveName: undefined, status: 'SUSPENDED' }), '1111111111');
    expect(account).toMatchObject({ name: '123-456-7890', isActive: false });
  });
});
