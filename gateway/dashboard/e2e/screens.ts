/** The addresses that the drill opens in every look, below `/app/`: each screen, and each of its views. */
export const addresses: readonly string[] = [
  'overview',
  'overview?period=last_7d&compare=none&currency=own',
  'team',
  'api-keys',
  'webhooks',
  'audit',
  'audit?group=session&outcome=REFUSED',
  'account',
  'account?tab=security',
  'account?tab=sessions',
  'clients',
  'clients?show=all',
  'connections',
  'connections/complete#error=access_denied',
];
