import type { FastifyInstance } from 'fastify';
import type { Link, Section } from './page.js';

/** Returns the section of a page that leads into the dashboard; nothing where it is not served. */
function inDashboard(app: FastifyInstance, link: Link): { sections?: Section[] } {
  if (!app.hasRoute({ method: 'GET', url: '/app/*' })) return {};
  return { sections: [{ title: 'In the dashboard', links: [link] }] };
}

/** Returns the way from a page about a consent to the connections. */
export const connectionsLink = (app: FastifyInstance): { sections?: Section[] } =>
  inDashboard(app, {
    href: '/app/connections',
    label: 'Connections',
    text: 'What is connected, and how far its history is copied.',
  });

/** Returns the way from a page after which a person signs in. */
export const signInLink = (app: FastifyInstance): { sections?: Section[] } =>
  inDashboard(app, { href: '/app/sign-in', label: 'Sign in', text: 'With your address and password.' });
