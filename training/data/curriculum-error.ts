/** A curriculum file that is not as the format wants it. `field` is a path in the file, such as `practice[1].answer`. */
export class CurriculumError extends Error {
  override name = "CurriculumError";

  constructor(
    readonly file: string,
    readonly field: string,
    readonly reason: string,
  ) {
    super(`${file}: ${field === "" ? "the file" : field}: ${reason}`);
  }
}
