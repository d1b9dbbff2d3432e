import { htmlTemplate } from '#runtime/html.js';

/** The content of a mail, as plain text. */
export interface MailContent {
  subject: string;
  paragraphs: string[];
  /** A button. Its URL must be http or https. */
  action?: { label: string; url: string };
  /** The link that ends mails of this kind to this address. */
  declineUrl?: string;
}

const DECLINE = 'Not for you, or not wanted? End this, and mails like it to this address';

export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

// Inline, because mail programs drop style sheets; the colours keep their contrast when a program inverts them.
const BODY = 'margin:0;padding:24px;background:#ffffff;color:#17202e;font:16px/1.5 system-ui,sans-serif';
const MAIN = 'max-width:36em;margin:0 auto';
const HEADING = 'margin:0 0 16px;font-size:20px;line-height:1.3';
const PARAGRAPH = 'margin:0 0 16px;white-space:pre-line;overflow-wrap:anywhere';
const BUTTON =
  'display:inline-block;padding:10px 18px;border:1px solid #1a4fd6;border-radius:8px;background:#1a4fd6;color:#ffffff;font-weight:600;text-decoration:none';
const SMALL = 'margin:0;color:#5a6474;font-size:13px;overflow-wrap:anywhere';

function checkedUrl(url: string): string {
  const { protocol, href } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') throw new TypeError(`A mail cannot link to ${protocol}`);
  return href;
}

const template = htmlTemplate<MailContent>(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title><%= it.subject %></title></head>
<body style="${BODY}">
<div role="article" lang="en" style="${MAIN}">
<h1 style="${HEADING}"><%= it.subject %></h1>
<% for (const paragraph of it.paragraphs) { %>
<p style="${PARAGRAPH}"><%= paragraph %></p>
<% } %>
<% if (it.action) { %>
<p style="${PARAGRAPH}"><a href="<%= it.action.url %>" style="${BUTTON}"><%= it.action.label %></a></p>
<p style="${SMALL}">If the button does not work, open this address: <a href="<%= it.action.url %>" style="color:inherit"><%= it.action.url %></a></p>
<% } if (it.declineUrl) { %>
<p style="${SMALL};margin-top:24px">${DECLINE}: <a href="<%= it.declineUrl %>" style="color:inherit"><%= it.declineUrl %></a></p>
<% } %>
</div>
</body>
</html>
`);

/** Returns a mail as text and as accessible HTML with the same content. Throws for a URL that is neither http nor https. */
export function renderMail({ subject, paragraphs, ...given }: MailContent): RenderedMail {
  const action = given.action && { ...given.action, url: checkedUrl(given.action.url) };
  const declineUrl = given.declineUrl && checkedUrl(given.declineUrl);
  const links = [action && `${action.label}:\n${action.url}`, declineUrl && `${DECLINE}:\n${declineUrl}`];
  const text = [...paragraphs, ...links.filter(Boolean)].join('\n\n');
  return { subject, text: `${text}\n`, html: template({ subject, paragraphs, action, declineUrl }) };
}
