import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, preHandlerAsyncHookHandler } from 'fastify';

const PREFIX = '/docs';

const PAGE_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>REST – WebMetrics</title>
<link rel="icon" type="image/png" href="./favicon-32x32.png">
<link rel="stylesheet" href="./swagger-ui.css">
<link rel="stylesheet" href="./webmetrics.css">
</head>
<body>
<div id="swagger-ui"><p class="notice">This page needs JavaScript. The description itself is at <a href="../openapi.json">openapi.json</a> and <a href="../openapi.yaml">openapi.yaml</a>.</p></div>
<script src="./swagger-ui-bundle.js"></script>
<script src="./webmetrics.js"></script>
</body>
</html>
`;

/** "Try it out" goes to the origin of the page, the only one its policy allows. */
const SCRIPT = `const base = new URL('..', document.baseURI);
const show = (text) => {
  const notice = document.createElement('p');
  notice.className = 'notice';
  notice.textContent = text;
  document.querySelector('#swagger-ui').replaceChildren(notice);
};
fetch(new URL('openapi.json', base))
  .then(async (response) => {
    if (!response.ok) throw new Error('status ' + response.status);
    const spec = await response.json();
    spec.servers = [{ url: base.href.replace(/\\/$/, '') }];
    SwaggerUIBundle({
      spec,
      dom_id: '#swagger-ui',
      presets: [SwaggerUIBundle.presets.apis],
      layout: 'BaseLayout',
      deepLinking: true,
      validatorUrl: null,
      displayRequestDuration: true,
      defaultModelsExpandDepth: 0,
    });
  })
  .catch(({ message }) => show('The description of the API cannot be read (' + message + '). Reload the page.'));
`;

/** Swagger UI has a fixed padding, and parts that are wider than a telephone. */
const STYLESHEET = `body { margin: 0; }
.notice { font: 17px/1.5 system-ui, sans-serif; margin: 2rem; }
@media (max-width: 40rem) {
  .swagger-ui .wrapper { padding: 0 0.5rem; }
  .swagger-ui .opblock .opblock-summary { flex-wrap: wrap; }
  .swagger-ui .opblock .opblock-summary-path { max-width: 100%; }
  .swagger-ui .table-container { overflow-x: auto; }
  .swagger-ui .opblock-body, .swagger-ui .responses-inner { max-width: 100%; overflow-x: auto; }
  .swagger-ui .info .title, .swagger-ui .opblock-summary-description { overflow-wrap: anywhere; }
}
`;

/** The files of the package that the page uses. */
const FILES = ['/swagger-ui-bundle.js', '/swagger-ui.css', '/favicon-32x32.png'];
const MAX_AGE_SECONDS = 3_600;

/** `GET /docs`: Swagger UI over `/openapi.json`, for anyone. Loads nothing from other hosts. */
export function swaggerUiRoutes(app: FastifyInstance, limit: preHandlerAsyncHookHandler): void {
  const root = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  void app.register(
    async (scope) => {
      await scope.register(fastifyStatic, { root, serve: false });
      scope.addHook('preHandler', limit);
      scope.addHook('onSend', async (_request, reply) => {
        void reply.header('content-security-policy', PAGE_CSP);
      });
      // The page uses relative links.
      scope.get('/', (request, reply) => {
        if (request.url.split('?')[0] === PREFIX) return reply.redirect('docs/');
        return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(PAGE);
      });
      const own = [
        ['/webmetrics.js', 'text/javascript; charset=utf-8', SCRIPT],
        ['/webmetrics.css', 'text/css; charset=utf-8', STYLESHEET],
      ] as const;
      for (const [path, type, text] of own) {
        scope.get(path, (_request, reply) =>
          reply.type(type).header('cache-control', `public, max-age=${MAX_AGE_SECONDS}`).send(text),
        );
      }
      for (const path of FILES) {
        scope.get(path, (_request, reply) => reply.sendFile(path, root, { maxAge: MAX_AGE_SECONDS * 1_000 }));
      }
    },
    { prefix: PREFIX },
  );
}
