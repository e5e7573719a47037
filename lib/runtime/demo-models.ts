import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { checkModelFile, demoReasoningShape, demoResponseShape, writeSyntheticModel } from "../gguf";
import { demoModelPath } from "./model-registry";

/**
 * The models Memwell makes for itself when none is set: a few megabytes of seeded random weights that go the whole real
 * way through llama.cpp and speak nonsense. Made once and kept in the data folder; one that is found damaged at the first use is made again.
 */
export class DemoModels {
  private readonly making = new Map<string, Promise<void>>();

  constructor(private readonly dataDir: string) {}

  /** @throws the file system's error when the data folder cannot be written. */
  ensure(path: string): Promise<void> {
    const making = this.making.get(path) ?? this.make(path);
    this.making.set(path, making);
    making.catch(() => this.making.delete(path));
    return making;
  }

  private async make(path: string): Promise<void> {
    const isWhole = await checkModelFile(path).then(
      () => true,
      () => false,
    );
    if (isWhole) return;
    await mkdir(dirname(path), { recursive: true });
    const shape = path === demoModelPath(this.dataDir, "reasoning") ? demoReasoningShape : demoResponseShape;
    await writeSyntheticModel(path, shape);
  }
}
