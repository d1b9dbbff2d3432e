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

export interface Link {
  href: string;
  label: string;
  /** What is there. */
  text: string;
}

export interface Section {
  title: string;
  links: Link[];
}

/** A page for users without credentials: a result, a form, or links. */
export interface Page {
  title: string;
  text: string;
  /** Error code and request id, for a support request. */
  reference?: string;
  form?: Form;
  notice?: string;
  sections?: Section[];
  /** HTML of our own, which has the heading and is not escaped. */
  content?: string;
  /** Whether it is the start page, to which every other links. */
  isStart?: boolean;
}

const STYLE = `
  :root { color-scheme: light dark; --page: #f2f4f8; --text: #17202e; --card: #fff; --line: #ccd2db; --faint: #5a6474; --field: #8a94a3; --link: #1a4fd6; --alert: #a3201d; }
  @media (prefers-color-scheme: dark) { :root { --page: #10151f; --text: #e6eaf1; --card: #19202d; --line: #3a4558; --faint: #a3aec0; --field: #6b788d; --link: #9cb8ff; --alert: #ff9d99; } }
  body { margin: 0; background: var(--page); color: var(--text); font: 17px/1.5 system-ui, sans-serif; }
  main { box-sizing: border-box; max-width: 30rem; margin: 12vh auto 2rem; padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
  main.wide { max-width: 44rem; margin-top: 2rem; }
  @media (max-width: 32rem) { main, main.wide { margin: 0; border: 0; border-radius: 0; padding: 1.25rem; min-height: 100vh; } }
  h1 { margin-top: 0; font-size: 1.4rem; }
  h2 { margin: 1.5rem 0 0.25rem; font-size: 1.05rem; }
  .links { margin: 0; padding: 0; list-style: none; }
  .links li { padding: 0.35rem 0; }
  .links span { display: block; color: var(--faint); font-size: 0.9rem; }
  a { color: var(--link); }
  code { font: 0.9em ui-monospace, monospace; overflow-wrap: anywhere; }
  pre { padding: 0.75rem; border: 1px solid var(--line); border-radius: 8px; overflow-x: auto; }
  pre code { overflow-wrap: normal; }
  div.wide { overflow-x: auto; }
  table { border-collapse: collapse; font-size: 0.9rem; }
  th, td { padding: 0.35rem 0.5rem; border: 1px solid var(--line); text-align: left; vertical-align: top; }
  .notice { padding: 0.75rem 1rem; border: 1px solid var(--line); border-radius: 8px; overflow-wrap: anywhere; }
  small { color: var(--faint); overflow-wrap: anywhere; }
  form small, form button { display: block; }
  label { display: block; margin-top: 0.75rem; font-weight: 600; }
  input { box-sizing: border-box; width: 100%; margin: 0.25rem 0; padding: 0.6rem 0.75rem; border: 1px solid var(--field); border-radius: 8px; background: transparent; color: inherit; font: inherit; }
  button { margin-top: 0.75rem; padding: 0.6rem 1.1rem; border: 0; border-radius: 8px; background: #1a4fd6; color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
  button:hover { background: #163fae; }
  :focus-visible { outline: 3px solid #7ba2ff; outline-offset: 2px; }
  [role=alert] { color: var(--alert); font-weight: 600; }
`;

/** The Content-Security-Policy of every page. */
export const PAGE_CSP = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Returns the HTML of a page. */
export const renderPage = htmlTemplate<Page>(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title><%= it.isStart ? it.title : it.title + ' – WebMetrics' %></title><link rel="icon" href="/favicon.svg" type="image/svg+xml"><style>${STYLE}</style></head>
<body>
<main<% if (it.isStart || it.content) { %> class="wide"<% } %>>
<% if (it.content) { %><%~ it.content %><% } else { %>
<h1><%= it.title %></h1>
<p><%= it.text %></p>
<% } if (it.reference) { %>
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
<% } if (it.notice) { %>
<p class="notice"><%= it.notice %></p>
<% } for (const { title, links } of it.sections ?? []) { %>
<h2><%= title %></h2>
<ul class="links">
<% for (const { href, label, text } of links) { %>
<li><a href="<%= href %>"><%= label %></a><span><%= text %></span></li>
<% } %>
</ul>
<% } if (!it.isStart) { %>
<p><small><a href="/">WebMetrics</a></small></p>
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
