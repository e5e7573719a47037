import type { AuditModel, AuditReport } from "../contract";
import type { Kind } from "../kinds";
import type { AuditPlan } from "../plan/contract";
import { domainAdapters } from "../plan/domains";
import type { Needed } from "../plan/draft";
import { DEFAULT_RULES, type StorageRules } from "../plan/rules";
import { choicesOf, isUsed, preferredOf, servingSize, type Choices } from "./choose";
import { PROFILES, type Profile, type ProfileModel, type ProfileName } from "./contract";

/** As many as a phone is asked to hold. */
const MOBILE_DOMAINS = 3;

/** What a program is besides its models. */
const PROGRAM = new Set<Kind>(["code", "documentation", "tests", "media", "other"]);

interface Given {
  choices: Choices;
  rules: StorageRules;
  needed: Needed;
}

/**
 * What each profile would hold of a folder that was audited, and what it would weigh. Pure.
 *
 * @param plan of the same report; what its cleanup removes is in no profile
 */
export function profilesOf(
  report: AuditReport,
  plan: AuditPlan,
  { rules = DEFAULT_RULES, needed = { paths: [], repos: [] } }: { rules?: StorageRules; needed?: Needed } = {},
): Profile[] {
  const choices = choicesOf(report, plan, domainAdapters(report, rules, needed));
  const program = programSize(report);
  return PROFILES.map((profile) => {
    const models = unique(MODELS[profile]({ choices, rules, needed }));
    const size = models.reduce((sum, { apparent_size }) => sum + apparent_size, 0);
    const isMounted = profile === "cloud";
    return {
      profile,
      program_size: program,
      models,
      models_size: size,
      size: isMounted ? program : program + size,
      volume_size: isMounted ? size : 0,
      domains: domainsIn(models, choices),
      elsewhere: ELSEWHERE[profile],
    };
  });
}

const ELSEWHERE: Record<ProfileName, string> = {
  development: "datasets and whole models come by the manifest when they are needed",
  mobile: "all other models and domains answer through the cloud",
  desktop: "nothing: it works offline",
  cloud: "the models lie on the volume that is mounted, and come there by the manifest",
};

const MODELS: Record<ProfileName, (given: Given) => ProfileModel[]> = {
  development: (given) => [
    ...onePerFamily(given),
    ...given.choices.adapters.map((model) => held(model, adapterWords(model, given))),
    ...given.choices.trained.map((model) => held(model, "the last step of its training")),
  ],
  mobile: (given) => [...answering(given), ...mobileAdapters(given)],
  desktop: everything,
  cloud: everything,
};

function everything(given: Given): ProfileModel[] {
  return [
    ...onePerFamily(given),
    ...given.choices.adapters.map((model) => held(model, adapterWords(model, given))),
    ...given.choices.whole.map((model) => held(model, "a whole model that is in no other format here")),
  ];
}

function onePerFamily({ choices, rules, needed }: Given): ProfileModel[] {
  return choices.families.flatMap((family) =>
    preferredOf(family, rules, needed).map((model) =>
      held(
        model,
        isUsed(model, needed.paths) ? "the settings use it" : `the ${model.quantization ?? "file"} that stays`,
      ),
    ),
  );
}

/** The smallest quant of the models that the settings use; without settings, of the lightest model. */
function answering({ choices: { families }, needed }: Given): ProfileModel[] {
  const used = families.filter((family) => family.some((model) => isUsed(model, needed.paths)));
  const lightest = [...families].sort(([left], [right]) => sizeOf(left) - sizeOf(right)).slice(0, 1);
  return (used.length > 0 ? used : lightest).flatMap(([smallest]) =>
    smallest === undefined ? [] : held(smallest, `the smallest quant, ${smallest.quantization ?? "of unknown kind"}`),
  );
}

/** Those of the configured domains; without any, the smallest there are. */
function mobileAdapters(given: Given): ProfileModel[] {
  const { adapters, domainOf } = given.choices;
  const order = (given.needed.domains ?? []).map(({ name }) => name);
  const rank = ({ path }: AuditModel): number => order.indexOf(domainOf.get(path) ?? "");
  const ofDomains = adapters.filter(({ path }) => domainOf.has(path)).sort((left, right) => rank(left) - rank(right));
  return (ofDomains.length > 0 ? ofDomains : adapters)
    .slice(0, MOBILE_DOMAINS)
    .map((model) => held(model, adapterWords(model, given)));
}

function adapterWords({ path, name }: AuditModel, { choices }: Given): string {
  const domain = choices.domainOf.get(path) ?? null;
  return domain === null ? `the adapter ${name ?? path}` : `the adapter of the domain ${domain}`;
}

function held(model: AuditModel, why: string): ProfileModel {
  return { path: model.path, apparent_size: servingSize(model), why };
}

function sizeOf(model: AuditModel | undefined): number {
  return model === undefined ? Infinity : servingSize(model);
}

function domainsIn(models: readonly ProfileModel[], { domainOf }: Choices): string[] {
  return [...new Set(models.flatMap(({ path }) => domainOf.get(path) ?? []))];
}

function programSize({ sections }: AuditReport): number {
  const kinds = sections.flatMap((section) => section.kinds).filter(({ kind }) => PROGRAM.has(kind));
  return kinds.reduce((sum, { apparent_size }) => sum + apparent_size, 0);
}

function unique(models: readonly ProfileModel[]): ProfileModel[] {
  return [...new Map(models.map((model) => [model.path, model])).values()];
}
