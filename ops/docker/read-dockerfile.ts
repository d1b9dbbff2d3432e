/** One instruction of a Dockerfile: its name, and the rest of the line. */
export interface Instruction {
  name: string;
  rest: string;
}

/** What begins with a FROM. */
export interface Stage {
  /** After AS; the last stage has none. */
  name: string;
  instructions: Instruction[];
}

/** Returns the stages of a Dockerfile, as far as ours uses the language: continued lines, comments, no heredocs. */
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
