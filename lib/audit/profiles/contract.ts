/** What a copy of the folder is for. */
export const PROFILES = ["development", "mobile", "desktop", "cloud"] as const;
export type ProfileName = (typeof PROFILES)[number];

/**
 * What one kind of use would hold of a folder, computed and not done. Paths are from the folder on, sizes in bytes.
 *
 * | profile       | holds                                                                                       |
 * |---------------|---------------------------------------------------------------------------------------------|
 * | `development` | code and documents, one quant of each model, finished adapters; the rest by a manifest      |
 * | `mobile`      | the smallest quant of the model that answers, adapters of two or three domains              |
 * | `desktop`     | the program, each model once and each finished adapter: works without a network             |
 * | `cloud`       | an image without models; those of the desktop on a volume that is mounted                   |
 */
export interface Profile {
  profile: ProfileName;
  /** Code, documents, tests and what else is no model, dataset, archive or made again. */
  program_size: number;
  models: ProfileModel[];
  models_size: number;
  /** Of what is shipped: of an image, without the volume that is mounted. */
  size: number;
  /** What is mounted; 0 but for `cloud`. */
  volume_size: number;
  domains: string[];
  /** What others answer, or fetch, in one sentence. */
  elsewhere: string;
}

export interface ProfileModel {
  path: string;
  apparent_size: number;
  why: string;
}
