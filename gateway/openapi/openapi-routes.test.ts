import { describe, expect, it } from '@jest/globals';
import type { preHandlerAsyncHookHandler } from 'fastify';
import { parse } from 'yaml';
import { createServer } from '#gateway/http/server.js';
import { createLogger } from '#runtime/log/logger.js';
import { openApiRoutes } from './openapi-routes.js';

const count: preHandlerAsyncHookHandler = async (_request, reply) => {
  void reply.header('ratelimit-limit', 100);
};

async function open(publicUrl?: string) {
  const app = await createServer({ logger: createLogger({ level: 'silent' }), isAllowedOrigin: () => false });
  openApiRoutes(app, { publicUrl, limit: count });
  return app;
}

describe('/openapi.json and /openapi.yaml', () => {
  it('are the same description, with the public address and for anyone', async () => {
    const app = await open('https://api.example.com/metrics');
    const json = await app.inject('/openapi.json');
    const yaml = await app.inject('/openapi.yaml');
    expect(json.json()).toMatchObject({ openapi: '3.1.0', servers: [{ url: 'https://api.example.com/metrics' }] });
    expect(parse(yaml.body)).toEqual(json.json());
    expect(yaml.headers['content-type']).toBe('application/yaml; charset=utf-8');
    expect(json.headers).toMatchObject({ 'cache-control': 'public, max-age=300', 'ratelimit-limit': '100' });
    await app.close();
  });

  it('are not sent again to a client that has them', async () => {
    const app = await open();
    const { headers } = await app.inject('/openapi.json');
    const etag = String(headers.etag);
    for (const known of [etag, etag.replace('W/', ''), `"other", ${etag}`, '*']) {
      const again = await app.inject({ url: '/openapi.json', headers: { 'if-none-match': known } });
      expect([again.statusCode, again.body]).toEqual([304, '']);
    }
    expect((await app.inject({ url: '/openapi.yaml', headers: { 'if-none-match': etag } })).statusCode).toBe(200);
    await app.close();
  });
});

describe('/docs', () => {
  it('is Swagger UI under a policy without inline code, with nothing from other hosts', async () => {
    const app = await open();
    const { headers, statusCode } = await app.inject('/docs');
    expect([statusCode, headers.location]).toEqual([302, 'docs/']);
    const page = await app.inject('/docs/');
    expect(page.headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; " +
        "form-action 'none'; frame-ancestors 'none'",
    );
    expect(page.body).not.toMatch(/https?:|<script>|<style| style=| on[a-z]+=/);
    const sources = [...page.body.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, name]) => name);
    expect(sources.length).toBeGreaterThan(3);
    for (const source of sources) {
      const file = await app.inject(`/docs/${source}`);
      expect([source, file.statusCode, file.headers['content-security-policy'], file.headers['cache-control']]).toEqual(
        [source, 200, page.headers['content-security-policy'], 'public, max-age=3600'],
      );
    }
    expect((await app.inject('/docs/webmetrics.js')).body).not.toMatch(/petstore|https?:/);
    await app.close();
  });

  it('serves no other file of the package', async () => {
    const app = await open();
    for (const path of [
      'index.html',
      'swagger-initializer.js',
      'package.json',
      '..%2fpackage.json',
      '%2e%2e/ajv/package.json',
    ]) {
      expect([path, (await app.inject(`/docs/${path}`)).statusCode]).toEqual([path, 404]);
    }
    await app.close();
  });
});
