const contentOf = (name: string) => document.querySelector<HTMLMetaElement>(`meta[name="webmetrics-${name}"]`)?.content;

/** The version of WebMetrics that served this page. */
export const version = contentOf('version');

/** The log-in of the demo, which only a browser on the machine of the installation gets. */
export const demoLogIn = (() => {
  const [email, password] = contentOf('demo')?.split(' ') ?? [];
  return email && password ? { email, password } : undefined;
})();
