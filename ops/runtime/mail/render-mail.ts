import { htmlTemplate } from '#runtime/html.js';

/** The content of a mail, as plain text. */
export interface MailContent {
  subject: string;
  paragraphs: string[];
  /** A button. Its URL must be http or https. */
  action?: { label: string; url: string };
  /** The link that ends mails of this kind to this address. */
  declineUrl?: string;
  /** Absent = English. */
  locale?: MailLocale;
  /** In whose name it is, in letters of its colour, `#rrggbb`, which is readable on white; absent = WebMetrics. */
  brand?: { name: string; color: string; footer: string | null };
}

/** The language of a mail, and the texts that every mail has. */
export interface MailLocale {
  language: string;
  direction: 'ltr' | 'rtl';
  /** Before the address of the button. */
  fallback: string;
  /** Before the link that ends mails like this. */
  decline: string;
}

const ENGLISH: MailLocale = {
  language: 'en',
  direction: 'ltr',
  fallback: 'If the button does not work, open this address:',
  decline: 'Not for you, or not wanted? End this, and mails like it to this address:',
};

const COLOR = /^#[0-9a-f]{6}$/;
const BLUE = '#1a4fd6';

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
const buttonStyle = (color: string) =>
  `display:inline-block;padding:10px 18px;border:1px solid ${color};border-radius:8px;background:${color};color:#ffffff;font-weight:600;text-decoration:none`;
const brandStyle = (color: string) => `margin:0 0 16px;color:${color};font-weight:600;overflow-wrap:anywhere`;
const SMALL = 'margin:0;color:#5a6474;font-size:13px;overflow-wrap:anywhere';

function checkedUrl(url: string): string {
  const { protocol, href } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') throw new TypeError(`A mail cannot link to ${protocol}`);
  return href;
}

interface Styled extends MailContent {
  locale: MailLocale;
  button: string;
  brandLine: string;
}

const template = htmlTemplate<Styled>(`<!doctype html>
<html lang="<%= it.locale.language %>" dir="<%= it.locale.direction %>">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title><%= it.subject %></title></head>
<body style="${BODY}">
<div role="article" lang="<%= it.locale.language %>" dir="<%= it.locale.direction %>" style="${MAIN}">
<% if (it.brand) { %>
<p style="<%= it.brandLine %>"><%= it.brand.name %></p>
<% } %>
<h1 style="${HEADING}"><%= it.subject %></h1>
<% for (const paragraph of it.paragraphs) { %>
<p style="${PARAGRAPH}"><%= paragraph %></p>
<% } %>
<% if (it.action) { %>
<p style="${PARAGRAPH}"><a href="<%= it.action.url %>" style="<%= it.button %>"><%= it.action.label %></a></p>
<p style="${SMALL}"><%= it.locale.fallback %> <a dir="ltr" href="<%= it.action.url %>" style="color:inherit"><%= it.action.url %></a></p>
<% } if (it.declineUrl) { %>
<p style="${SMALL};margin-top:24px"><%= it.locale.decline %> <a dir="ltr" href="<%= it.declineUrl %>" style="color:inherit"><%= it.declineUrl %></a></p>
<% } if (it.brand?.footer) { %>
<p style="${SMALL};margin-top:24px"><%= it.brand.footer %></p>
<% } %>
</div>
</body>
</html>
`);

/** Returns a mail as text and as accessible HTML with the same content. Throws for a URL that is neither http nor https. */
export function renderMail({ subject, paragraphs, locale = ENGLISH, brand, ...given }: MailContent): RenderedMail {
  const action = given.action && { ...given.action, url: checkedUrl(given.action.url) };
  const declineUrl = given.declineUrl && checkedUrl(given.declineUrl);
  const links = [action && `${action.label}:\n${action.url}`, declineUrl && `${locale.decline}\n${declineUrl}`];
  const color = brand && COLOR.test(brand.color) ? brand.color : BLUE;
  const text = [...paragraphs, ...links, brand?.footer].filter(Boolean).join('\n\n');
  const styles = { button: buttonStyle(color), brandLine: brandStyle(color) };
  const html = template({ subject, paragraphs, action, declineUrl, locale, brand, ...styles });
  return { subject, text: `${text}\n`, html };
}
