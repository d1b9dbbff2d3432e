import { describe, expect, it } from '@jest/globals';
import { openRateLimits } from '#runtime/cache/rate-limit.js';
import { type AppError, ServiceUnavailable, Unauthenticated } from '#runtime/errors.js';
import { IdentitySigner } from '#runtime/identity/identity.js';
import type { Logger } from '#runtime/log/logger.js';
import type { Services } from '#runtime/services.js';
import { issueDeviceToken } from './device-token.js';
import { limitSignIn, type SignInAttempt } from './limit-sign-in.js';

const LIMIT = 2;
const email = 'ada@example.com';

function openLimits() {
  const services = {
    config: { traffic: { signInLimit: LIMIT } },
    accessTokenSigner: new IdentitySigner('a secret of a test, 32 characters'),
    rateLimits: openRateLimits({ logger: {} as Logger }),
  } as unknown as Services;
  const guess = async (attempt: Partial<SignInAttempt>) => {
    const check = () => Promise.reject(new Unauthenticated());
    return limitSignIn({ services }, { email, passwordHash: 'hash', ...attempt, check }).catch(
      (error: AppError) => error.code,
    );
  };
  const signIn = async (attempt: Omit<SignInAttempt, 'email'>) =>
    limitSignIn({ services }, { email, passwordHash: 'hash', ...attempt, check: async () => 'in' }).catch(
      (error: AppError) => error.code,
    );
  const unanswered = async (attempt: Omit<SignInAttempt, 'email'>) =>
    limitSignIn({ services }, { email, ...attempt, check: () => Promise.reject(new ServiceUnavailable()) }).catch(
      (error: AppError) => error.code,
    );
  return {
    guess,
    signIn,
    unanswered,
    deviceToken: () => issueDeviceToken({ services }, { email, passwordHash: 'hash' }),
  };
}

describe('sign-in attempts of known devices and sessions', () => {
  it.each([
    ['devices', (deviceToken: string) => ({ deviceToken })],
    ['sessions', (sessionId: string) => ({ sessionId })],
  ])('are limited for all %s of an account together, because a thief may have created many', async (_what, known) => {
    const { guess, deviceToken } = openLimits();
    const codes: unknown[] = [];
    for (let device = 0; device < 11; device += 1) {
      const one = known(await deviceToken());
      for (let time = 0; time < LIMIT; time += 1) codes.push(await guess(one));
    }
    expect(codes).toEqual([...Array(10 * LIMIT).fill('UNAUTHENTICATED'), ...Array(LIMIT).fill('RATE_LIMITED')]);
  });

  it('are limited one by one, without an effect on the others', async () => {
    const { guess, deviceToken } = openLimits();
    const [one, other] = [await deviceToken(), await deviceToken()];
    for (let time = 0; time < LIMIT; time += 1) await guess({ deviceToken: one });
    expect(await guess({ deviceToken: one })).toBe('RATE_LIMITED');
    expect(await guess({ deviceToken: other })).toBe('UNAUTHENTICATED');
    expect(await guess({ sessionId: 'one' })).toBe('UNAUTHENTICATED');
    expect(await guess({ client: { address: '192.0.2.1' } })).toBe('UNAUTHENTICATED');
  });
});

it('a device is known until the password is replaced', async () => {
  const { guess, deviceToken } = openLimits();
  const known = { deviceToken: await deviceToken(), client: { address: '192.0.2.1' } };
  for (let time = 0; time < LIMIT; time += 1) await guess({ client: known.client });
  expect(await guess(known)).toBe('UNAUTHENTICATED');
  expect(await guess({ ...known, passwordHash: 'another' })).toBe('RATE_LIMITED');
  expect(await guess({ ...known, passwordHash: undefined })).toBe('RATE_LIMITED');
});

describe('successful sign-ins', () => {
  it('are limited by account, whatever they come from', async () => {
    const { guess, signIn, deviceToken } = openLimits();
    const attempts = [{ deviceToken: await deviceToken() }, { sessionId: 'one' }, { client: { address: '192.0.2.1' } }];
    const codes: unknown[] = [];
    for (let time = 0; time < 10 * LIMIT; time += 1) codes.push(await signIn(attempts[time % 3] ?? {}));
    expect(codes).toEqual(Array(10 * LIMIT).fill('in'));
    expect(await signIn({ client: { address: '192.0.2.2' } })).toBe('RATE_LIMITED');
    expect(await guess({ sessionId: 'one' })).toBe('RATE_LIMITED');
  });

  it('are not counted where the password was wrong, nor anything where it was not compared', async () => {
    const { guess, signIn, unanswered } = openLimits();
    for (let time = 0; time < 11 * LIMIT; time += 1) await guess({ sessionId: `${time}` });
    expect(await signIn({ client: { address: '192.0.2.1' } })).toBe('in');
    for (let time = 0; time < 11 * LIMIT; time += 1) await unanswered({ client: { address: '192.0.2.1' } });
    expect(await signIn({ client: { address: '192.0.2.1' } })).toBe('in');
  });
});

it('refused attempts use up nothing that others share', async () => {
  const { guess, signIn, deviceToken } = openLimits();
  const client = { address: '192.0.2.1' };
  for (let time = 0; time < 11 * LIMIT; time += 1) await guess({ client });
  expect(await guess({ client })).toBe('RATE_LIMITED');
  expect(await signIn({ client, deviceToken: await deviceToken() })).toBe('in');
  expect(await signIn({ client, sessionId: 'one' })).toBe('in');
  expect(await signIn({ client: { address: '198.51.100.1' } })).toBe('in');
  expect(await guess({ client, email: 'other@example.com' })).toBe('UNAUTHENTICATED');
});
