import { counted, formatCount } from "../../_analytics/words";
import type { StoragePlan } from "../../_storage/contract";
import { PROFILE_WORDS } from "../../_storage/words";
import { Size } from "./Size";

const MOST_MODELS = 50;

/** What copies of the folder would hold that are for one kind of use. */
export function Profiles({ profiles }: { profiles: StoragePlan["profiles"] }) {
  return (
    <details className="text-sm" data-testid="profiles">
      <summary>What each kind of use would hold</summary>
      <ul className="mt-1 grid gap-2 sm:grid-cols-2">
        {profiles.map(({ profile, size, volume_size: volume, models, domains, elsewhere }) => (
          <li key={profile} className="min-w-0 rounded-box border border-line bg-surface p-2" data-profile={profile}>
            <p>
              <span className="font-semibold">{PROFILE_WORDS[profile]}</span>: <Size bytes={size} />
              {volume > 0 && (
                <>
                  , and <Size bytes={volume} /> on a mounted volume
                </>
              )}
            </p>
            <p className="wrap-anywhere text-quiet">
              {counted(models.count, "model")}
              {domains.length > 0 && `; domains ${domains.join(", ")}`}; elsewhere: {elsewhere}
            </p>
            {models.count > 0 && (
              <ul className="mt-1 max-h-40 overflow-y-auto text-xs" tabIndex={0} aria-label={`Models of ${profile}`}>
                {models.entries.slice(0, MOST_MODELS).map(({ path, apparent_size: bytes, why }) => (
                  <li key={path} className="wrap-anywhere whitespace-pre-wrap">
                    {path} <Size bytes={bytes} /> <span className="text-quiet">{why}</span>
                  </li>
                ))}
                {models.count > MOST_MODELS && <li>and {formatCount(models.count - MOST_MODELS)} more</li>}
              </ul>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
