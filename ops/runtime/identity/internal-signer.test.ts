import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { decodeProtectedHeader, SignJWT } from 'jose';
import { deriveKey, resolveSecrets } from '#runtime/config/secrets.js';
import type { Identity } from './identity.js';
import { InternalSigner } from './internal-signer.js';
import { GATEWAY_AUDIENCE, PERSONAL_DATA_AUDIENCE, REPORT_DOWNLOAD_AUDIENCE } from './token-audiences.js';

const names = ['auth', 'integrations', 'reporting', 'billing'];
const keyNamed: Record<string, string> = Object.fromEntries(
  names.map((name) => [name, randomBytes(32).toString('hex')]),
);
const owner: Identity = { kind: 'user', userId: 'a', organizationId: 'b', role: 'OWNER', scopes: [], requestId: 'c' };
const service: Identity = { kind: 'service', organizationId: 'b', scopes: [], requestId: 'c' };
const parts = new Set(names);

/** A process that was given these keys and no others. */
function processWith(...known: string[]): InternalSigner {
  const internalKeys = Object.fromEntries(known.map((name) => [name, [keyNamed[name] as string]]));
  const settings = { TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('hex') };
  return new InternalSigner(resolveSecrets({ ...settings, internalKeys }, '/nowhere').keysOf);
}

describe('parts of an installation with a key each', () => {
  const gateway = processWith(...names);

  it.each(names)('%s believes the gateway, and the gateway the service it is', async (name) => {
    const part = processWith(name);
    expect(await part.verify(await gateway.sign(owner, name), name)).toEqual(owner);
    const token = await part.signAs(name, service, GATEWAY_AUDIENCE);
    expect(await gateway.verifyFrom(parts, token, GATEWAY_AUDIENCE)).toEqual(service);
  });

  it('cannot speak to each other, nor to the gateway as another', async () => {
    expect(() => processWith('billing').sign(owner, 'auth')).toThrow('INTERNAL_KEY_AUTH is not set');
    const ofBilling = [keyNamed.billing as string] as [string];
    const billing = new InternalSigner(() => ofBilling);
    for (const name of names.filter((other) => other !== 'billing')) {
      await expect(processWith(name).verify(await billing.sign(owner, name), name)).rejects.toThrow('not valid here');
      const asOther = billing.signAs(name, service, GATEWAY_AUDIENCE);
      await expect(gateway.verifyFrom(parts, await asOther, GATEWAY_AUDIENCE)).rejects.toThrow('not valid here');
    }
    const unknown = billing.signAs('mail', service, GATEWAY_AUDIENCE);
    await expect(gateway.verifyFrom(parts, await unknown, GATEWAY_AUDIENCE)).rejects.toThrow('not valid here');
    await expect(gateway.verifyFrom(parts, 'nonsense', GATEWAY_AUDIENCE)).rejects.toThrow('not valid here');
  });

  it('vouch for their own downloads only', async () => {
    const links: [string, string][] = [
      ['reporting', REPORT_DOWNLOAD_AUDIENCE],
      ['auth', PERSONAL_DATA_AUDIENCE],
    ];
    for (const [part, audience] of links) {
      const token = await processWith(part).signClaims({ id: 'x' }, audience, 60);
      expect(await gateway.verifyClaims(token, audience)).toMatchObject({ id: 'x' });
      const forged = await new InternalSigner(() => [keyNamed.billing as string]).signClaims({ id: 'x' }, audience, 60);
      await expect(gateway.verifyClaims(forged, audience)).rejects.toThrow('not valid here');
    }
  });

  it('have another key for each audience: a link is no request', async () => {
    const reporting = processWith('reporting');
    const kidOf = async (audience: string) => decodeProtectedHeader(await reporting.signClaims({}, audience, 60)).kid;
    expect(await kidOf('reporting')).not.toBe(await kidOf(REPORT_DOWNLOAD_AUDIENCE));
  });

  it('refuse a token that never expires', async () => {
    const key = createSecretKey(Buffer.from(deriveKey(keyNamed.billing as string, 'webmetrics tokens for billing')));
    const { kid } = decodeProtectedHeader(await gateway.sign(owner, 'billing'));
    const token = new SignJWT({ identity: owner })
      .setProtectedHeader({ alg: 'HS256', kid })
      .setIssuer('webmetrics')
      .setAudience('billing');
    const billing = processWith('billing');
    await expect(billing.verify(await token.sign(key), 'billing')).rejects.toThrow('not valid here');
    expect(await billing.verify(await token.setExpirationTime('1m').sign(key), 'billing')).toEqual(owner);
  });
});

it('one key for all is enough where nothing else is set', async () => {
  const settings = {
    JWT_SECRET: randomBytes(32).toString('hex'),
    TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('hex'),
  };
  const [one, other] = [settings, settings].map(
    (given) => new InternalSigner(resolveSecrets(given, '/nowhere').keysOf),
  );
  expect(await other?.verify((await one?.sign(owner, 'auth')) as string, 'auth')).toEqual(owner);
});
