import { Copy, DockerfileParser, From, type Instruction, PropertyInstruction } from 'dockerfile-ast';

type Step = {
  readonly keyword: string;
  readonly args: readonly string[];
  /** All arguments on one line, as they are written. */
  readonly text: string;
  /** What ENV and LABEL set. */
  readonly properties: Readonly<Record<string, string | null>>;
  /** The stage a COPY takes from; null for the build's own files. */
  readonly source: string | null;
};

export type Stage = { readonly image: string; readonly name: string | null; readonly steps: readonly Step[] };

/** The stages of a Dockerfile in order; the last is what is kept. */
export function readStages(text: string): readonly Stage[] {
  const stages: { image: string; name: string | null; steps: Step[] }[] = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    if (instruction instanceof From) {
      stages.push({ image: instruction.getImage() ?? '', name: instruction.getBuildStage(), steps: [] });
    } else stages.at(-1)?.steps.push(toStep(instruction));
  }
  return stages;
}

function toStep(instruction: Instruction): Step {
  return {
    keyword: instruction.getKeyword(),
    args: instruction.getArguments().map((argument) => argument.getValue()),
    text: instruction.getArgumentsContent() ?? '',
    properties: instruction instanceof PropertyInstruction ? toProperties(instruction) : {},
    source: instruction instanceof Copy ? (instruction.getFromFlag()?.getValue() ?? null) : null,
  };
}

function toProperties(instruction: PropertyInstruction): Step['properties'] {
  return Object.fromEntries(instruction.getProperties().map((property) => [property.getName(), property.getValue()]));
}

/** The program and its arguments; null for a command in the shell form, which a shell runs and signals do not reach. */
export function toExecForm(text: string): readonly string[] | null {
  try {
    const command = JSON.parse(text);
    return Array.isArray(command) && command.every((part) => typeof part === 'string') ? command : null;
  } catch {
    return null;
  }
}

/** True for a path that a .dockerignore keeps out of the build. The last line that fits it or a folder above it decides. */
export function isIgnored(ignoreFile: string, path: string): boolean {
  const lines = ignoreFile.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const last = lines.findLast((line) => toPattern(line.replace(/^!/, '')).test(path));
  return last !== undefined && !last.startsWith('!');
}

function toPattern(glob: string): RegExp {
  const parts = glob.split('/').map((part) =>
    part
      .replaceAll('.', '\\.')
      .replace(/^\*\*$/, '.*')
      .replace(/(?<!\.)\*/g, '[^/]*'),
  );
  return new RegExp(`^${parts.join('/').replaceAll('.*/', '(?:.*/)?')}(?:/|$)`);
}
