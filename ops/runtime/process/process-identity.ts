import { hostname } from 'node:os';

/** Which process of the installation this is, for operators. */
export interface ProcessIdentity {
  /** `gateway`, `worker`, the name of a subgraph, or that of a command. */
  program: string;
  /** In a container its name. */
  host: string;
  /** Of several of one program on one host. */
  instance: string;
}

let program = 'webmetrics';

/** Names the program that this process runs. */
export function nameProgram(name: string): void {
  program = name;
}

/** Returns which process this is. */
export function processIdentity(): ProcessIdentity {
  const host = hostname();
  return { program, host, instance: `${host}/${process.pid}` };
}
