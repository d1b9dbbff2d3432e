/** An instruction of a Dockerfile. */
export interface Instruction {
  name: string;
  rest: string;
}

export interface Stage {
  /** After AS; the last stage has none. */
  name: string;
  instructions: Instruction[];
}

/** Returns the stages of a Dockerfile. Supports continued lines and comments, no heredocs. */
export function readDockerfile(text: string): Stage[] {
  const lines = text
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n');
  const stages: Stage[] = [];
  for (const line of lines) {
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (name === 'FROM') stages.push({ name: /\sAS\s+(\w+)/i.exec(rest)?.[1] ?? '', instructions: [] });
    else if (name) stages.at(-1)?.instructions.push({ name, rest });
  }
  return stages;
}
