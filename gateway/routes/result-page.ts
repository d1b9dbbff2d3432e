/** A page that tells a person how something ended. */
export interface ResultPage {
  title: string;
  text: string;
  /** For a support request: error code and request id. */
  code?: string;
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}

/** The Content-Security-Policy of a result page: its own style and nothing else. */
export const RESULT_PAGE_CSP = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

const STYLE = `
  body { margin: 0; background: #f2f4f8; color: #17202e; font: 17px/1.5 system-ui, sans-serif; }
  main { max-width: 26rem; margin: 12vh auto; padding: 2rem; background: #fff; border: 1px solid #ccd2db; border-radius: 12px; }
  h1 { margin-top: 0; font-size: 1.4rem; }
  small { color: #5a6474; overflow-wrap: anywhere; }
`;

/** Returns the HTML of a result page. */
export function resultPage({ title, text, code }: ResultPage): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)} – WebMetrics</title><style>${STYLE}</style></head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(text)}</p>
${code ? `<p><small>${escapeHtml(code)}</small></p>` : ''}
</main>
</body>
</html>
`;
}
