import { HttpClient, type OutboundRequest, type OutboundResponse } from '#runtime/http/http-client.js';

const TIMEOUT_MS = 180_000;

/** The outbound HTTP client, for who asks more than can be answered at once and wants to know how long it takes. */
export class PatientHttp extends HttpClient {
  override send(request: OutboundRequest): Promise<OutboundResponse> {
    return super.send({ timeoutMs: TIMEOUT_MS, ...request });
  }
}
