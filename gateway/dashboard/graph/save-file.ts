import type { Download } from '#gateway/client/index.js';

/** Addresses of files stay valid until the browser has surely begun to save them. */
const REVOKE_AFTER_MS = 60_000;

/** Saves a downloaded file under its name, as a link with `download` does. The request had the session's token: no address carries it. */
export async function saveFile({ fileName, response }: Download): Promise<void> {
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_AFTER_MS);
}
