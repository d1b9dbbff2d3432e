/** Returns the text fields of a multipart/form-data body; parts with a file name are skipped. */
export function multipartFields(contentType: string, body: string): URLSearchParams {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  const fields = new URLSearchParams();
  if (!boundary) return fields;
  for (const part of body.split(`--${boundary}`)) {
    const gap = part.indexOf('\r\n\r\n');
    const head = part.slice(0, gap);
    const name = /content-disposition:[^\r\n]*;\s*name="([^"]*)"/i.exec(head)?.[1];
    if (gap >= 0 && name !== undefined && !/filename=/i.test(head))
      fields.append(name, part.slice(gap + 4).replace(/\r\n$/, ''));
  }
  return fields;
}
