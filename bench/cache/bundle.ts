import { resolve } from "node:path";
import { build } from "esbuild";

/** One file of a program, as the build makes it; answers its path. */
export async function bundle(source: string, outfile: string): Promise<string> {
  await build({ entryPoints: [resolve(source)], outfile, bundle: true, platform: "node", format: "esm" });
  return outfile;
}
