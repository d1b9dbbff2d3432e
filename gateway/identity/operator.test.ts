import { describe, expect, it } from '@jest/globals';
import { type Environment, parseConfig } from '#runtime/config/config.js';
import { Forbidden, Unauthenticated } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { BaseServices } from '#runtime/services.js';
import { createOperators } from './operator.js';

const OURS = '11111111-1111-4111-8111-111111111111';
const TOKEN = 'abcdefghijklmnopqrstuvwxyz-0123456789';

function operatorsFor(caller: Partial<Identity>, environment: Environment = {}) {
  const config = parseConfig(environment);
  const identity: Identity = { kind: 'user', scopes: [], requestId: 'request', userId: 'nora', ...caller };
  return createOperators({ config, operatorToken: TOKEN } as BaseServices, async () => identity);
}

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('an operator', () => {
  it.each([`Bearer ${TOKEN}`, `bearer ${TOKEN}`, basic(`:${TOKEN}`)])(
    'is authenticated by the token: %#',
    async (header) => {
      expect(await operatorsFor({}).require(header, 'request')).toEqual({ name: 'operator' });
    },
  );

  it('has the name given with the token', async () => {
    expect(await operatorsFor({}).require(basic(`emil:${TOKEN}`), 'request')).toEqual({ name: 'emil' });
  });

  it('is an administrator of the organization that runs it', async () => {
    const environment = { OPERATOR_ORGANIZATION: OURS };
    for (const role of ['ADMIN', 'OWNER'] as const) {
      const operators = operatorsFor({ organizationId: OURS, role }, environment);
      expect(await operators.require('Bearer access', 'request')).toEqual({ name: 'nora' });
    }
  });

  it('is no other identity', async () => {
    const environment = { OPERATOR_ORGANIZATION: OURS };
    const callers: Partial<Identity>[] = [
      { organizationId: OURS, role: 'ANALYST' },
      { organizationId: 'another', role: 'OWNER' },
      { organizationId: OURS, role: 'OWNER', kind: 'apiKey' },
      { organizationId: OURS, kind: 'service' },
      {},
    ];
    for (const caller of callers) {
      const operators = operatorsFor(caller, environment);
      await expect(operators.require('Bearer access', 'request')).rejects.toThrow(Forbidden);
    }
  });

  it.each([undefined, basic('emil:wrong'), basic('emil')])(
    'is not who has no right credentials: %#',
    async (header) => {
      await expect(operatorsFor({}).require(header, 'request')).rejects.toThrow(Unauthenticated);
    },
  );

  it('is an administrator of an organization that is admitted later', async () => {
    const operators = operatorsFor({ organizationId: OURS, role: 'OWNER' });
    await expect(operators.require('Bearer access', 'request')).rejects.toThrow(Forbidden);
    operators.admit(OURS);
    expect(await operators.require('Bearer access', 'request')).toEqual({ name: 'nora' });
  });
});
