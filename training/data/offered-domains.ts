import type { Dice } from "./dice";
import type { Scene } from "./scene";

/** Of the turns of no domain, those that are to choose one: there are so many of them that some will do. */
const ASKED = 0.6;
/** Of the turns that choose, those that choose from all domains; the others have some of them. */
const ALL_OFFERED = 0.7;

/** The domains that a scene's turn is to choose from, in any order; none where it is not asked to. */
export function offeredDomains(scene: Scene, domains: readonly string[], dice: Dice): string[] {
  if (domains.length === 0 || (scene.domain === null && !dice.chance(ASKED))) return [];
  const count = dice.chance(ALL_OFFERED) ? domains.length : dice.between(1, domains.length);
  return dice.sample(domains, count);
}
