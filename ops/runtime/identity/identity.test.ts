import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose';
import { Unauthenticated } from '#runtime/errors.js';
import { anonymous, hasRole, type Identity, IdentitySigner, roles } from './identity.js';

const secret = randomBytes(32).toString('hex');
const signer = new IdentitySigner(secret);
const kid = decodeProtectedHeader(await signer.signClaims({}, 'x', 60)).kid;
const ada: Identity = {
  kind: 'user',
  userId: 'ada',
  organizationId: 'engines',
  sessionId: 'session',
  role: 'ADMIN',
  scopes: ['read'],
  requestId: 'request',
};

async function expectRefused(token: string, audience = 'billing', message = 'The token is not valid here.') {
  const error = await signer.verify(token, audience).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(Unauthenticated);
  expect((error as Unauthenticated).message).toBe(message);
}

describe('a signed identity', () => {
  it('is verified as it was signed', async () => {
    expect(await signer.verify(await signer.sign(ada, 'billing'), 'billing')).toEqual(ada);
    const nobody = anonymous('request');
    expect(await signer.verify(await signer.sign(nobody, 'billing'), 'billing')).toEqual(nobody);
  });

  it('is valid for one audience', async () => {
    await expectRefused(await signer.sign(ada, 'reporting'));
  });

  it('is valid for a minute', async () => {
    const { iat, exp } = await signer.verifyClaims<{ iat: number; exp: number }>(await signer.sign(ada, 'x'), 'x');
    expect(exp - iat).toBe(60);
  });

  it('is refused when it was signed with another key', async () => {
    await expectRefused(await new IdentitySigner(randomBytes(32).toString('hex')).sign(ada, 'billing'));
  });

  it('is refused as expired when it is too old', async () => {
    await expectRefused(await signer.signClaims({ identity: ada }, 'billing', -1), 'billing', 'The token has expired.');
  });

  it('is refused without a signature', async () => {
    const unsigned = new UnsecuredJWT({ identity: ada })
      .setIssuer('webmetrics')
      .setAudience('billing')
      .setExpirationTime('1m')
      .encode();
    await expectRefused(unsigned);
    const [, payload] = (await signer.sign(ada, 'billing')).split('.');
    await expectRefused(`${unsigned.split('.')[0]}.${payload}.`);
  });

  it('is refused with another algorithm than ours', async () => {
    const key = createSecretKey(Buffer.from(secret));
    const token = new SignJWT({ identity: ada })
      .setProtectedHeader({ alg: 'HS512', kid })
      .setIssuer('webmetrics')
      .setAudience('billing')
      .setExpirationTime('1m');
    await expectRefused(await token.sign(key));
  });

  it('is refused from another issuer', async () => {
    const token = new SignJWT({ identity: ada })
      .setProtectedHeader({ alg: 'HS256', kid })
      .setIssuer('someone')
      .setAudience('billing')
      .setExpirationTime('1m');
    await expectRefused(await token.sign(createSecretKey(Buffer.from(secret))));
  });

  it.each([
    ['has no kid', undefined],
    ['has the kid of another key', '0123456789abcdef'],
    ['has the name of an inherited property as its kid', '__proto__'],
  ])('is refused when it %s', async (_what, otherKid) => {
    const token = new SignJWT({ identity: ada })
      .setProtectedHeader({ alg: 'HS256', ...(otherKid && { kid: otherKid }) })
      .setIssuer('webmetrics')
      .setAudience('billing')
      .setExpirationTime('1m');
    await expectRefused(await token.sign(createSecretKey(Buffer.from(secret))));
  });

  it('is accepted from the previous and the next key, each under its own kid only', async () => {
    const next = randomBytes(32).toString('hex');
    const [before, between, after] = [
      new IdentitySigner(secret, next),
      new IdentitySigner(next, secret),
      new IdentitySigner(next),
    ];
    for (const [from, to] of [
      [before, between],
      [between, before],
      [between, after],
    ] as const) {
      expect(await to.verify(await from.sign(ada, 'billing'), 'billing')).toEqual(ada);
    }
    await expect(after.verify(await before.sign(ada, 'billing'), 'billing')).rejects.toThrow('not valid here');
    const forged = new SignJWT({ identity: ada })
      .setProtectedHeader({ alg: 'HS256', kid })
      .setIssuer('webmetrics')
      .setAudience('billing')
      .setExpirationTime('1m');
    await expect(between.verify(await forged.sign(Buffer.from(next)), 'billing')).rejects.toThrow('not valid here');
  });

  it('names its key without revealing anything of it', () => {
    expect(kid).toMatch(/^[0-9a-f]{16}$/);
    expect(secret).not.toContain(kid as string);
  });

  it('is refused when a claim was changed', async () => {
    const [header, , signature] = (await signer.sign({ ...ada, role: 'VIEWER' }, 'billing')).split('.');
    const [, payload] = (await signer.sign({ ...ada, role: 'OWNER' }, 'billing')).split('.');
    await expectRefused([header, payload, signature].join('.'));
  });

  it.each([[''], ['garbage'], ['a.b.c'], ['..'], ['é'.repeat(10)]])('is not "%s"', (token) => expectRefused(token));
});

describe('a role', () => {
  it.each(roles.flatMap((has, index) => roles.map((needs, needed) => [has, needs, index <= needed] as const)))(
    '%s is at least %s: %s',
    (role, needed, expected) => {
      expect(hasRole({ ...ada, role }, needed)).toBe(expected);
      expect(hasRole({ ...ada, kind: 'apiKey', role }, needed)).toBe(expected);
    },
  );

  it('is not needed by a service', () => {
    expect(hasRole({ kind: 'service', scopes: [], requestId: 'request' }, 'OWNER')).toBe(true);
  });

  it('is what anonymous clients and identities without one lack', () => {
    expect(hasRole(anonymous('request'), 'VIEWER')).toBe(false);
    expect(hasRole({ ...ada, role: undefined }, 'VIEWER')).toBe(false);
  });

  it('that is unknown allows nothing', () => {
    expect(hasRole({ ...ada, role: 'SUPERUSER' as never }, 'VIEWER')).toBe(false);
  });
});
