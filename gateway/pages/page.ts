import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { httpStatusOf } from '#gateway/http/http-status.js';
import type { AppError } from '#runtime/errors.js';
import { htmlTemplate } from '#runtime/html.js';

export interface Field {
  name: string;
  label: string;
  type: 'text' | 'password';
  autocomplete: 'name' | 'new-password' | 'current-password' | 'one-time-code';
  hint?: string;
}

export interface Form {
  /** Relative path. */
  action: string;
  token: string;
  fields: Field[];
  button: string;
  problem?: string;
}

/** A page for users without credentials: a result or a form. */
export interface Page {
  title: string;
  text: string;
  /** Error code and request id, for a support request. */
  reference?: string;
  form?: Form;
}

const STYLE = `
  body { margin: 0; background: #f2f4f8; color: #17202e; font: 17px/1.5 system-ui, sans-serif; }
  main { max-width: 26rem; margin: 12vh auto; padding: 2rem; background: #fff; border: 1px solid #ccd2db; border-radius: 12px; }
  h1 { margin-top: 0; font-size: 1.4rem; }
  small { color: #5a6474; overflow-wrap: anywhere; }
  form small, form button { display: block; }
  label { display: block; margin-top: 0.75rem; font-weight: 600; }
  input { box-sizing: border-box; width: 100%; margin: 0.25rem 0; padding: 0.6rem 0.75rem; border: 1px solid #8a94a3; border-radius: 8px; font: inherit; }
  button { margin-top: 0.75rem; padding: 0.6rem 1.1rem; border: 0; border-radius: 8px; background: #1a4fd6; color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
  button:hover { background: #163fae; }
  :focus-visible { outline: 3px solid #7ba2ff; outline-offset: 2px; }
  [role=alert] { color: #a3201d; font-weight: 600; }
`;

/** The Content-Security-Policy of every page. */
export const PAGE_CSP = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Returns the HTML of a page. */
export const renderPage = htmlTemplate<Page>(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title><%= it.title %> – WebMetrics</title><style>${STYLE}</style></head>
<body>
<main>
<h1><%= it.title %></h1>
<p><%= it.text %></p>
<% if (it.reference) { %>
<p><small><%= it.reference %></small></p>
<% } if (it.form) { const { action, token, fields, button, problem } = it.form; %>
<form method="post" action="<%= action %>">
<input type="hidden" name="token" value="<%= token %>">
<% if (problem) { %>
<p role="alert"><%= problem %></p>
<% } for (const [index, { name, label, type, autocomplete, hint }] of fields.entries()) { %>
<label for="<%= name %>"><%= label %></label>
<input id="<%= name %>" name="<%= name %>" type="<%= type %>" autocomplete="<%= autocomplete %>" required<% if (index === 0) { %> autofocus<% } if (hint) { %> aria-describedby="<%= name %>-hint"<% } %>>
<% if (hint) { %>
<small id="<%= name %>-hint"><%= hint %></small>
<% } } %>
<button><%= button %></button>
</form>
<% } %>
</main>
</body>
</html>
`);

/** Returns the error code and request id. */
export const referenceOf = ({ code }: Pick<AppError, 'code'>, requestId: string) => `${code} · ${requestId}`;

const WRONG_LINK = 'The link is not complete, or it was used already. Ask for a new one.';

function nextStepAfter({ code, retryAfter }: Pick<AppError, 'code' | 'retryAfter'>): string {
  if (retryAfter) return `Try again in ${retryAfter} seconds.`;
  if (code === 'INTERNAL_SERVER_ERROR') return 'Try again, and if it happens again, pass on the line below.';
  return 'Close this page, or go back and try again.';
}

/** Returns the page about an error: in plain words, and how to go on. */
export function failurePage(
  title: string,
  error: Pick<AppError, 'code' | 'message' | 'details' | 'retryAfter'>,
  requestId: string,
): Page {
  // The problems of arguments are for programs.
  const text = error.details ? WRONG_LINK : `${error.message} ${nextStepAfter(error)}`;
  return { title, text, reference: referenceOf(error, requestId) };
}

/** Sends a page, with the status of `error` if there is one. */
export function sendPage(reply: FastifyReply, page: Page, error?: AppError): FastifyReply {
  if (error?.retryAfter) void reply.header('retry-after', error.retryAfter);
  return sendPageWith(error ? httpStatusOf(error.code) : 200, reply, page);
}

/** Sends a page with a status. */
export function sendPageWith(status: number, reply: FastifyReply, page: Page): FastifyReply {
  return reply
    .code(status)
    .headers({ 'cache-control': 'no-store', 'content-security-policy': PAGE_CSP })
    .type('text/html; charset=utf-8')
    .send(renderPage(page));
}
