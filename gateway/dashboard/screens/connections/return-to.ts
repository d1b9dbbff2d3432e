/** Where a consent leads back to, with `#code=…` or `#error=…`. The API takes it as it is a page of the dashboard. */
export const RETURN_TO = `${window.location.origin}/app/connections/complete`;
