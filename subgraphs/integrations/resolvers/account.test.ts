import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import type { Context } from '#integrations/context.js';
import { PendingAnswers } from '#integrations/loaders/pending-answers.js';
import { Account } from './account.js';

const account = { id: 'account', connectionId: 'connection', organizationId: 'organization' };
const range = { start: '2026-09-01', end: '2026-09-07' };

it.each([
  ['campaigns', { range, first: 3 }],
  ['metricsDaily', { range }],
])('the health of a connection waits for %s of its accounts, also while the plan is read', async (field, args) => {
  const pendingAnswers = new PendingAnswers();
  const require = () => wait(20).then(() => Promise.reject(new Error('The plan cannot be read')));
  const context = { pendingAnswers, checkedRanges: { require } } as unknown as Context;
  const resolve = Account[field as keyof typeof Account] as (...all: unknown[]) => Promise<unknown>;
  const answer = resolve(account, args, context);
  const [outcome] = await Promise.all([
    pendingAnswers.settle(account.connectionId),
    expect(answer).rejects.toThrow('The plan cannot be read'),
  ]);
  expect(outcome).toBe('failed');
});
