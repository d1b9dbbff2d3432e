import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { htmlTemplate } from '#runtime/html.js';

/** A page for the bearer of a share link, as the reporting subgraph makes it: its texts are escaped there. */
export interface SharedPage {
  state: 'OPEN' | 'LOCKED' | 'CLOSED';
  language: string;
  direction: string;
  title: string;
  style: string;
  body: string;
}

const render = htmlTemplate<SharedPage>(`<!doctype html>
<html lang="<%= it.language %>" dir="<%= it.direction %>">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex, nofollow"><title><%= it.title %></title><style><%~ it.style %></style></head>
<body><%~ it.body %></body>
</html>
`);

/** The Content-Security-Policy of a shared page: only its own style sheet, no script, and nothing from elsewhere. */
function policyOf(style: string): string {
  return [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Headers of all that a share link opens: not indexed, not stored, and its address is passed to no other site. */
export const SHARED_HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow, noarchive',
} as const;

/** Sends a page of a share link. */
export function sendSharedPage(reply: FastifyReply, status: number, page: SharedPage): FastifyReply {
  return reply
    .code(status)
    .headers({ ...SHARED_HEADERS, 'content-security-policy': policyOf(page.style) })
    .type('text/html; charset=utf-8')
    .send(render(page));
}
