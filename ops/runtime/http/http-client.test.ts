import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readBody } from '#ops/testing/read-body.js';
import { HttpClient, type OutboundRequest, type RequestFailed } from './http-client.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const loseConnection: Answer = ({ socket }) => void socket.destroy();
const answerWith =
  (status: number, body = ''): Answer =>
  (_request, response) =>
    void response.writeHead(status).end(body);

describe('an outbound request', () => {
  let client: HttpClient;
  let server: ReturnType<typeof createServer>;
  let url: string;
  let answers: Answer[];
  let requests: { method?: string; headers: IncomingMessage['headers']; body: string }[];

  beforeEach(async () => {
    client = new HttpClient();
    answers = [];
    requests = [];
    server = createServer(async (request, response) => {
      const body = await readBody(request);
      if (!body) return;
      requests.push({ method: request.method, headers: request.headers, body: body.toString() });
      const answer = answers.shift() ?? answerWith(418, 'There is no answer left.');
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    await client.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const send = (request: Partial<OutboundRequest> = {}) => client.send({ url: `${url}/path?a=1`, ...request });
  const failureOf = (request?: Partial<OutboundRequest>): Promise<RequestFailed> =>
    send(request).then(
      ({ status }) => Promise.reject(new Error(`Answered ${status} instead of failing.`)),
      (error: RequestFailed) => error,
    );

  it('is sent as it is, and returns status, headers and text', async () => {
    answers = [(_request, response) => void response.writeHead(201, { 'x-answer': 'yes' }).end('Grüße')];
    const response = await send({ method: 'POST', headers: { 'x-ask': 'please' }, body: 'Frage?' });
    expect(response).toMatchObject({ status: 201, headers: { 'x-answer': 'yes' }, body: 'Grüße' });
    expect(requests).toMatchObject([{ method: 'POST', headers: { 'x-ask': 'please' }, body: 'Frage?' }]);
  });

  it('returns the response whatever its status', async () => {
    answers = [answerWith(404, 'gone')];
    expect(await send()).toMatchObject({ status: 404, body: 'gone' });
  });

  it('follows no redirect', async () => {
    answers = [(_request, response) => void response.writeHead(302, { location: `${url}/other` }).end()];
    expect((await send({ isIdempotent: true })).status).toBe(302);
    expect(requests).toHaveLength(1);
  });

  describe('that may be repeated', () => {
    it('is sent again when the connection is lost', async () => {
      answers = [loseConnection, loseConnection, answerWith(200, 'at last')];
      expect((await send({ isIdempotent: true })).body).toBe('at last');
    });

    it('is sent again with its body', async () => {
      answers = [loseConnection, answerWith(200)];
      await send({ method: 'POST', body: 'Frage?', isIdempotent: true });
      expect(requests.map(({ body }) => body)).toEqual(['Frage?', 'Frage?']);
    });

    it.each([500, 502, 503, 504])('is sent again after %d', async (status) => {
      answers = [answerWith(status), answerWith(200, 'at last')];
      expect((await send({ isIdempotent: true })).body).toBe('at last');
    });

    it.each([400, 401, 404, 409, 429, 501])('is not sent again after %d, which is permanent', async (status) => {
      answers = [answerWith(status), answerWith(200)];
      expect((await send({ isIdempotent: true })).status).toBe(status);
      expect(requests).toHaveLength(1);
    });

    it('returns the last server error after three attempts', async () => {
      answers = [answerWith(503, 'first'), answerWith(500, 'second'), answerWith(502, 'third'), answerWith(200)];
      expect(await send({ isIdempotent: true })).toMatchObject({ status: 502, body: 'third' });
      expect(requests).toHaveLength(3);
    });

    it('is not sent again sooner than the server asks for', async () => {
      const laterBy =
        (seconds: number): Answer =>
        (_request, response) =>
          void response.writeHead(503, { 'retry-after': String(seconds) }).end('later');
      answers = [laterBy(3_600), answerWith(200, 'at last')];
      expect(await send({ isIdempotent: true })).toMatchObject({ status: 503, body: 'later' });
      expect(requests).toHaveLength(1);
      answers = [laterBy(1), answerWith(200, 'at last')];
      const asked = performance.now();
      expect((await send({ isIdempotent: true })).body).toBe('at last');
      expect(performance.now() - asked).toBeGreaterThan(990);
    });

    it('is not sent again when Retry-After cannot be read', async () => {
      const later: Answer = (_request, response) => void response.writeHead(503, { 'retry-after': 'soon' }).end();
      answers = [later, answerWith(200)];
      expect((await send({ isIdempotent: true })).status).toBe(503);
    });

    it('runs beforeEach before each attempt, and fails with what that throws', async () => {
      answers = [answerWith(503), answerWith(503), answerWith(200)];
      const left: number[] = [];
      const beforeEach = async (msLeft: number) => {
        left.push(msLeft);
        if (left.length === 3) throw new Error('no more');
      };
      await expect(send({ isIdempotent: true, timeoutMs: 5_000, beforeEach })).rejects.toThrow('no more');
      expect(requests).toHaveLength(2);
      expect(left).toEqual([...left].sort((one, other) => other - one));
      expect(left[0]).toBeLessThanOrEqual(5_000);
    });

    it('fails after three lost connections', async () => {
      answers = [loseConnection, loseConnection, loseConnection, answerWith(200)];
      const error = await failureOf({ isIdempotent: true });
      expect(error).toMatchObject({ name: 'RequestFailed', reason: 'connection' });
      expect(requests).toHaveLength(3);
    });
  });

  describe('that may not be repeated', () => {
    it('is sent once when the connection is lost', async () => {
      answers = [loseConnection, answerWith(200)];
      expect((await failureOf({ method: 'POST', body: '{}' })).reason).toBe('connection');
      expect(requests).toHaveLength(1);
    });

    it('returns the first server error', async () => {
      answers = [answerWith(503), answerWith(200)];
      expect((await send({ method: 'POST', body: '{}' })).status).toBe(503);
      expect(requests).toHaveLength(1);
    });
  });

  it('ends at its deadline when there is no answer', async () => {
    answers = [() => {}];
    expect((await failureOf({ timeoutMs: 10 })).reason).toBe('timeout');
  });

  it('ends at its deadline when the answer never ends', async () => {
    answers = [(_request, response) => void response.writeHead(200).write('and then, and then, ')];
    expect((await failureOf({ timeoutMs: 10 })).reason).toBe('timeout');
  });

  it('ends at its deadline, attempts that are left or not', async () => {
    // The first attempt fails at once; the pause before the second is longer than the deadline.
    answers = [loseConnection, answerWith(200)];
    expect((await failureOf({ isIdempotent: true, timeoutMs: 10 })).name).toBe('RequestFailed');
    expect(requests.length).toBeLessThanOrEqual(1);
  });

  it('fails when the response is too large', async () => {
    const chunk = Buffer.alloc(1024 * 1024);
    answers = [
      (_request, response) => {
        const write = (): void => {
          while (!response.destroyed && response.write(chunk));
          if (!response.destroyed) response.once('drain', write);
        };
        write();
      },
      answerWith(200),
    ];
    expect((await failureOf({ isIdempotent: true, timeoutMs: 60_000 })).reason).toBe('too-large');
    expect(requests).toHaveLength(1);
  });

  it('names the origin it could not reach, and nothing of the request', async () => {
    answers = [loseConnection];
    const { message } = await failureOf({ headers: { authorization: 'Bearer secret' } });
    expect(message).toBe(`${url} could not be reached`);
  });
});
