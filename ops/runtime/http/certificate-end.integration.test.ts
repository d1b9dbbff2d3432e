import { expect, it } from '@jest/globals';
import { startHttpsServer } from '#ops/testing/https-server.js';
import { certificateEnd } from './certificate-end.js';

it('the end of a certificate is read whoever issued it, and not without one', async () => {
  const server = await startHttpsServer();
  expect((await certificateEnd(`${server.url}/graphql`)).getUTCFullYear()).toBe(2049);
  await server.close();
  await expect(certificateEnd(server.url)).rejects.toThrow('ECONNREFUSED');
});
