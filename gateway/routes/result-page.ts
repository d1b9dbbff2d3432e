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

/** Returns the HTML of a result page: no scripts, no style the Content-Security-Policy would refuse. */
export function resultPage({ title, text, code }: ResultPage): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)} – WebMetrics</title></head>
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
