/** A page that tells a person how something ended. */
export interface ResultPage {
  title: string;
  text: string;
  /** For a support request: error code and request id. */
  code?: string;
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Returns a text as it stands in HTML and its attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}

/** The Content-Security-Policy of a result page: its own style and nothing else. */
export const RESULT_PAGE_CSP = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

const STYLE = `
  body { margin: 0; background: #f2f4f8; color: #17202e; font: 17px/1.5 system-ui, sans-serif; }
  main { max-width: 26rem; margin: 12vh auto; padding: 2rem; background: #fff; border: 1px solid #ccd2db; border-radius: 12px; }
  h1 { margin-top: 0; font-size: 1.4rem; }
  small { color: #5a6474; overflow-wrap: anywhere; }
  label { display: block; font-weight: 600; }
  input { box-sizing: border-box; width: 100%; margin: 0.25rem 0; padding: 0.6rem 0.75rem; border: 1px solid #8a94a3; border-radius: 8px; font: inherit; }
  button { margin-top: 0.75rem; padding: 0.6rem 1.1rem; border: 0; border-radius: 8px; background: #1a4fd6; color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
  button:hover { background: #163fae; }
  :focus-visible { outline: 3px solid #7ba2ff; outline-offset: 2px; }
  [role=alert] { color: #a3201d; font-weight: 600; }
`;

/** Returns a page of the gateway; `body` is HTML. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)} – WebMetrics</title><style>${STYLE}</style></head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
}

/** Returns the HTML of a result page. */
export function resultPage({ title, text, code }: ResultPage): string {
  const small = code ? `\n<p><small>${escapeHtml(code)}</small></p>` : '';
  return htmlPage(title, `<p>${escapeHtml(text)}</p>${small}`);
}
