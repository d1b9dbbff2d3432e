const KEY = 'webmetrics-device';

/** The token by which the API knows this browser again: its sign-ins are counted apart from those of strangers. */
export const deviceToken = {
  read: () => localStorage.getItem(KEY) ?? undefined,
  keep: (token: string | null | undefined) => {
    if (token) localStorage.setItem(KEY, token);
  },
};
