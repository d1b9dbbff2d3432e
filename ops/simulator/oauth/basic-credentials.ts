/** Returns what an `Authorization: Basic` header says; nulls without one that can be read. */
export function basicCredentials(header: string | undefined): [id: string | null, secret: string | null] {
  const encoded = /^Basic ([A-Za-z0-9+/]+=*)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return [null, null];
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? [null, null] : [decoded(text.slice(0, colon)), decoded(text.slice(colon + 1))];
}

// RFC 6749 §2.3.1 has both parts form-encoded before they are joined.
function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '));
  } catch {
    return null;
  }
}
