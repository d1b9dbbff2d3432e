import type { FastifyInstance } from 'fastify';
import type { Admission } from '#gateway/graph/admit-request.js';
import { limits } from '#gateway/graph/size-limits.js';
import { requestError } from '#gateway/http/refuse-headers.js';
import { presentedRoute } from '#gateway/limits/presented.js';
import { reportTypes, type SendReportFile } from '#gateway/routes/report-files.js';
import { InvalidInput, type Problem, Unauthenticated } from '#runtime/errors.js';
import { preferredType } from './accept.js';
import { varyBy } from './answer.js';
import { describeUnknown } from './check-value.js';

const NAMES = ['reportId', 'format'];

function readExport(body: unknown): { id: string; format: string } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new InvalidInput([{ argument: 'body', problem: 'must be a JSON object' }]);
  }
  const { reportId, format = 'csv' } = body as Record<string, unknown>;
  const problems: Problem[] = Object.keys(body)
    .filter((name) => !NAMES.includes(name))
    .map((name) => ({ argument: name, problem: describeUnknown(name, NAMES) }));
  if (reportId === undefined) problems.push({ argument: 'reportId', problem: 'is missing' });
  else if (typeof reportId !== 'string') problems.push({ argument: 'reportId', problem: 'must be a text' });
  if (typeof format !== 'string' || !Object.hasOwn(reportTypes, format)) {
    problems.push({ argument: 'format', problem: `must be one of ${Object.keys(reportTypes).join(', ')}` });
  }
  if (problems.length > 0) throw new InvalidInput(problems);
  return { id: reportId as string, format: format as string };
}

/** `POST /api/reports/export { reportId, format }`: the file of a report that is READY, as a stream; 409 before. */
export function exportRoute(
  scope: FastifyInstance,
  { admission, sendReportFile }: { admission: Admission; sendReportFile: SendReportFile },
): void {
  scope.post(
    '/api/reports/export',
    {
      bodyLimit: limits.operationBytes,
      compress: false,
      preHandler: async (request, reply) => {
        varyBy(reply, ['authorization', 'x-api-key', 'accept', 'accept-encoding']);
        await admission.admit(request, reply, () => presentedRoute(request));
      },
    },
    async (request, reply) => {
      if (request.identity.kind === 'anonymous') throw new Unauthenticated();
      const asked = readExport(request.body);
      const type = reportTypes[asked.format] as string;
      if (!preferredType(request.headers.accept, [type])) {
        throw requestError(406, `This is sent as ${type}.`, 'NOT_ACCEPTABLE');
      }
      return sendReportFile(request, reply, asked);
    },
  );
}
