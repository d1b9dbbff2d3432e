import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { readBody } from './read-body.js';

/** A mail the server took. */
export interface ReceivedMail {
  /** The envelope, which is what a server goes by. */
  from: string;
  to: string[];
  raw: string;
  parsed: ParsedMail;
}

/** A refusal of a mail; the text may begin with an enhanced status code. */
export interface Refuse {
  code: number;
  text: string;
}

export interface MailServer {
  url: string;
  port: number;
  received: ReceivedMail[];
  /** Decides about each attempt; undefined = taken. */
  refuse: (at: 'MAIL' | 'RCPT' | 'DATA', address: string) => Refuse | undefined | Promise<Refuse | undefined>;
  close(): Promise<void>;
}

function refusal({ code, text }: Refuse): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

/** Starts a real SMTP server on loopback that keeps its mail. */
export async function startMailServer(options: SMTPServerOptions & { port?: number } = {}): Promise<MailServer> {
  const { port = 0, ...smtp } = options;
  const mailServer: Partial<MailServer> = { received: [], refuse: () => undefined };
  const { received = [] } = mailServer;
  const decide = async (at: 'MAIL' | 'RCPT' | 'DATA', address: string, done: (error?: Error | null) => void) => {
    const refused = await mailServer.refuse?.(at, address);
    done(refused ? refusal(refused) : null);
  };
  const server = new SMTPServer({
    disabledCommands: smtp.onAuth ? [] : ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    onMailFrom: ({ address }, _session, done) => void decide('MAIL', address, done),
    onRcptTo: ({ address }, _session, done) => void decide('RCPT', address, done),
    onData: async (stream, { envelope }, done) => {
      const raw = await readBody(stream);
      if (!raw) return;
      const from = envelope.mailFrom ? envelope.mailFrom.address : '';
      const to = envelope.rcptTo.map(({ address }) => address);
      const refused = await mailServer.refuse?.('DATA', to[0] ?? '');
      if (refused) return done(refusal(refused));
      received.push({ from, to, raw: raw.toString('utf8'), parsed: await simpleParser(raw) });
      done();
    },
    ...smtp,
  });
  // Clients that give up are part of the tests.
  server.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const actualPort = (server.server.address() as AddressInfo).port;
  return Object.assign(mailServer as MailServer, {
    url: `${smtp.secure ? 'smtps' : 'smtp'}://127.0.0.1:${actualPort}`,
    port: actualPort,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}
