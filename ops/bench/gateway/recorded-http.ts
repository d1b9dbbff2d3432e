import { HttpClient, type OutboundRequest, type OutboundResponse } from '#runtime/http/http-client.js';

/** The outbound HTTP client, with a memory: it can answer from what it recorded, as fast as the process is. */
export class RecordedHttp extends HttpClient {
  readonly #answers = new Map<string, OutboundResponse>();
  /** What happens to a request: it goes out, goes out and is recorded, or stays in. */
  mode: 'live' | 'record' | 'replay' = 'live';

  override async send(request: OutboundRequest): Promise<OutboundResponse> {
    if (this.mode === 'live') return super.send(request);
    // Accounts and people differ in headers and bodies, too.
    const key = JSON.stringify([request.method, request.url, request.headers, request.body]);
    const known = this.#answers.get(key);
    if (this.mode === 'replay') {
      if (!known) throw new Error(`Nothing was recorded for ${request.url}`);
      return known;
    }
    const answer = await super.send(request);
    this.#answers.set(key, answer);
    return answer;
  }
}
