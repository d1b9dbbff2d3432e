import type { WireAnswer } from '#simulator/wire.js';

/** Returns the page of Google's front end for an address no API has. */
export function notFoundPage(path: string): WireAnswer {
  const shown = path.replace(/[&<>"']/g, '');
  return {
    status: 404,
    headers: { 'content-type': 'text/html; charset=UTF-8' },
    body: `<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title><p><b>404.</b> That’s an error.<p>The requested URL <code>${shown}</code> was not found on this server.`,
  };
}
