import type { Server, Socket } from 'node:net';

// How one end of a local connection tells the other for whom it speaks: the first line of the PROXY protocol, version 1
// (https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt, section 2.1).

const UNKNOWN = 'PROXY UNKNOWN\r\n';
const LINE = /^PROXY TCP[46] (\S+) \S+ \d+ \d+\r\n/;
const MAX_BYTES = 107;

/** Returns the line that tells where a connection comes from. */
export function proxyLine({ remoteAddress, remotePort, remoteFamily, localAddress, localPort }: Socket): string {
  if (!remoteAddress || !localAddress) return UNKNOWN;
  const family = remoteFamily === 'IPv6' ? 'TCP6' : 'TCP4';
  return `PROXY ${family} ${remoteAddress} ${localAddress} ${remotePort} ${localPort}\r\n`;
}

/** Takes the line off the beginning of a connection and calls `use` once; a connection that does not begin with one ends. */
function takeProxyLine(socket: Socket, use: () => void): void {
  let bytes: Buffer = Buffer.alloc(0);
  const read = (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    const end = bytes.indexOf('\r\n') + 2;
    if (end < 2 && bytes.length < MAX_BYTES) return;
    socket.off('data', read).pause();
    const line = bytes.toString('latin1', 0, end);
    const address = LINE.exec(line)?.[1];
    if (!address && line !== UNKNOWN) return void socket.destroy();
    Object.defineProperty(socket, 'remoteAddress', { value: address });
    socket.unshift(bytes.subarray(end));
    use();
    process.nextTick(() => socket.resume());
  };
  socket.on('data', read);
}

/**
 * Makes a server that listens on a local address take each connection for one of the client its first line names:
 * `socket.remoteAddress` is that client's. Only who may speak for others should reach that address.
 */
export function expectProxyLine(server: Server): void {
  const serve = server.listeners('connection') as ((this: Server, socket: Socket) => void)[];
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const ignore = () => {};
    socket.on('error', ignore);
    takeProxyLine(socket, () => {
      socket.off('error', ignore);
      for (const listener of serve) listener.call(server, socket);
    });
  });
}
