/** The content of a mail, as plain text. */
export interface MailContent {
  subject: string;
  paragraphs: string[];
  /** A button. Its URL must be http or https. */
  action?: { label: string; url: string };
}

export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);

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

function actionHtml(label: string, url: string): string {
  const href = escapeHtml(url);
  return `<p style="${PARAGRAPH}"><a href="${href}" style="${BUTTON}">${escapeHtml(label)}</a></p>
<p style="${SMALL}">If the button does not work, open this address: <a href="${href}" style="color:inherit">${href}</a></p>
`;
}

/** Returns a mail as text and as accessible HTML with the same content. Throws for a URL that is neither http nor https. */
export function renderMail({ subject, paragraphs, action }: MailContent): RenderedMail {
  const url = action && checkedUrl(action.url);
  const text = [...paragraphs, ...(action && url ? [`${action.label}:\n${url}`] : [])].join('\n\n');
  const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>${escapeHtml(subject)}</title></head>
<body style="${BODY}">
<div role="article" lang="en" style="${MAIN}">
<h1 style="${HEADING}">${escapeHtml(subject)}</h1>
${paragraphs.map((paragraph) => `<p style="${PARAGRAPH}">${escapeHtml(paragraph)}</p>\n`).join('')}${action && url ? actionHtml(action.label, url) : ''}</div>
</body>
</html>
`;
  return { subject, text: `${text}\n`, html };
}
