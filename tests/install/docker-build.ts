import { cp, mkdir, readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { expand, parseAssignments, type Instruction, parseDockerfile, type Stage } from "./dockerfile";
import { cleanEnvironment } from "./server";

/** What `docker run` would start. Paths are real ones: the image's root is a folder. */
export interface BuiltImage {
  command: string[];
  folder: string;
  environment: Record<string, string>;
  healthCheck: string[];
  /** The user of the last `USER` line; null when there is none. */
  user: number | null;
}

/**
 * Does what `docker build` does with the Dockerfile in `context`, without Docker: each stage's file system is a folder
 * below `workshop`, and the RUN lines run on this machine, in that folder. Base images are taken to be this machine.
 */
export async function buildImage(context: string, workshop: string): Promise<BuiltImage> {
  const { defaults, stages } = parseDockerfile(await readFile(path.join(context, "Dockerfile"), "utf8"));
  const built = new Map<string, StageBuild>();

  const build = async (stage: Stage): Promise<StageBuild> => {
    const base = stages.find((candidate) => candidate.name === expand(stage.base, defaults));
    if (base && !built.has(base.name)) await build(base);
    const result = new StageBuild(path.join(workshop, stage.name), base ? built.get(base.name) : undefined);
    built.set(stage.name, result);
    await mkdir(result.root, { recursive: true });
    for (const instruction of stage.instructions) {
      const source = stages.find((candidate) => candidate.name === instruction.flags["from"]);
      if (source && !built.has(source.name)) await build(source);
      await result.apply(instruction, { context, defaults, source: source && built.get(source.name) });
    }
    return result;
  };

  return (await build(stages.at(-1)!)).image();
}

interface Surroundings {
  context: string;
  defaults: Record<string, string>;
  source: StageBuild | undefined;
}

class StageBuild {
  private workingFolder = "/";
  private environment: Record<string, string>;
  private readonly buildArguments: Record<string, string> = {};
  /** Top-level folders of the image: in a command, a path into one of them means the stage's own. */
  private readonly folders = new Set<string>();
  private command: string[] = [];
  private healthCheck: string[] = [];
  private user: number | null = null;

  constructor(
    readonly root: string,
    base: StageBuild | undefined,
  ) {
    this.environment = { ...base?.environment };
  }

  image(): BuiltImage {
    const { command, healthCheck, user } = this;
    return { command, healthCheck, user, folder: this.inside(this.workingFolder), environment: this.realEnvironment() };
  }

  async apply({ name, flags, text }: Instruction, surroundings: Surroundings): Promise<void> {
    switch (name) {
      case "ARG":
        this.buildArguments[text] = surroundings.defaults[text] ?? "";
        return;
      case "ENV":
        Object.assign(this.environment, parseAssignments(text));
        return;
      case "WORKDIR":
        this.workingFolder = text;
        await mkdir(this.inside(text), { recursive: true });
        return;
      case "COPY":
        return this.copy(text, flags, surroundings);
      case "RUN":
        return this.run(text);
      case "USER":
        this.user = Number(text);
        return;
      case "CMD":
        this.command = JSON.parse(text) as string[];
        return;
      case "HEALTHCHECK":
        this.healthCheck = JSON.parse(text.slice(text.indexOf("["))) as string[];
        return;
      case "EXPOSE":
        return;
      default:
        throw new Error(`This reader of Dockerfiles does not know ${name}: teach it, or this test proves nothing.`);
    }
  }

  private async copy(text: string, flags: Record<string, string>, { context, source }: Surroundings): Promise<void> {
    const names = text.split(/\s+/);
    const target = this.inside(path.resolve(this.workingFolder, names.pop()!));
    for (const name of names) {
      if (source) await copyInto(source.inside(name), target);
      else await copyFromContext(context, name, target);
    }
    if (flags["chown"] && process.getuid?.() === 0) await execa("chown", ["-R", flags["chown"], target]);
  }

  private async run(text: string): Promise<void> {
    const inside = [...this.folders].map((folder) => folder.slice(1)).join("|");
    const mapped = text.replace(new RegExp(`(?<=\\s)/(?=(${inside})(/|\\s|$))`, "g"), `${this.root}/`);
    // Changing owners is for root; where the tests run as somebody else, that somebody starts the image as well.
    const command = process.getuid?.() === 0 ? mapped : mapped.replace(/chown -R \S+ \S+/, "true");
    await execa("sh", ["-ec", command], {
      cwd: this.inside(this.workingFolder),
      env: { ...cleanEnvironment(), ...this.realEnvironment(), ...this.buildArguments },
      extendEnv: false,
      all: true,
    });
  }

  /** The real path of a path in the image. */
  inside(imagePath: string): string {
    const [top = ""] = imagePath.split("/").slice(1);
    if (top) this.folders.add(`/${top}`);
    return path.join(this.root, imagePath);
  }

  private realEnvironment(): Record<string, string> {
    const home = this.environment["HOME"];
    return home ? { ...this.environment, HOME: this.inside(home) } : { ...this.environment };
  }
}

/** `.dockerignore` here is a list of what is let in: `*`, then one `!name` a line. */
async function copyFromContext(context: string, name: string, target: string): Promise<void> {
  const ignore = await readFile(path.join(context, ".dockerignore"), "utf8");
  const letIn = ignore.split("\n").flatMap((line) => (line.startsWith("!") ? [line.slice(1)] : []));
  const names = name === "." ? (await readdir(context)).filter((entry) => letIn.includes(entry)) : [name];
  for (const entry of names) {
    if (!letIn.includes(entry)) throw new Error(`COPY ${entry}: .dockerignore does not let it in`);
    const from = path.join(context, entry);
    await copyInto(from, (await stat(from)).isDirectory() ? path.join(target, entry) : `${target}/`);
  }
}

/** As COPY does: a folder's contents go into the target; a file goes there, or into it when it ends with a slash. */
async function copyInto(from: string, target: string): Promise<void> {
  const isFile = (await stat(from)).isFile();
  const to = isFile && target.endsWith("/") ? path.join(target, path.basename(from)) : target;
  await mkdir(path.dirname(to), { recursive: true });
  await cp(from, to, { recursive: true });
}
