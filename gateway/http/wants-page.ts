import type { FastifyRequest } from 'fastify';

/** Whether a person looks at the answer: only the navigation of a browser accepts HTML. */
export const wantsPage = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  headers.accept?.includes('text/html') ?? false;
