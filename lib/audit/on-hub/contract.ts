/** The same bytes on the Hub, told by their hashes. */
export interface OnHub {
  /** ORG/NAME. */
  repo: string;
  /** The commit that was looked at. */
  revision: string;
  /** Of the model's files, from the folder on, those whose bytes are there, and under which name. */
  files: { path: string; file: string; sha256: string; size: number }[];
}

/** A repository that was asked for. */
export interface AskedRepo {
  repo: string;
  /** Why it could not be asked; null when it was. */
  error: string | null;
}

/** What the Hub was found to have. */
export interface HubCheck {
  asked: AskedRepo[];
  /** By the path of a model whose repository was asked: what of it is there; null when nothing is. */
  models: Map<string, OnHub | null>;
}
