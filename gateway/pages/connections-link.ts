import type { FastifyInstance } from 'fastify';
import type { Section } from './page.js';

/** Returns the way from a page about a consent to the connections in the dashboard; nothing where it is not served. */
export function connectionsLink(app: FastifyInstance): { sections?: Section[] } {
  if (!app.hasRoute({ method: 'GET', url: '/app/*' })) return {};
  const link = {
    href: '/app/connections',
    label: 'Connections',
    text: 'What is connected, and how far its history is copied.',
  };
  return { sections: [{ title: 'In the dashboard', links: [link] }] };
}
