import { loadConfig as loadSettings, type Config, type Environment } from "../config";
import { withChoices } from "./catalogue";

/**
 * The settings of an environment, and where they name no model, the one that was chosen from the catalogue before.
 *
 * @param folder where relative paths count from
 * @throws MemwellError `invalid_setting` as `loadConfig` of `lib/config`
 */
export function loadConfig(environment: Environment, folder: string = process.cwd()): Config {
  return withChoices(
    loadSettings(environment, folder),
    (warning) => void process.stderr.write(`memwell: ${warning}\n`),
  );
}
