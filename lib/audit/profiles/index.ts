export { PROFILES, type Profile, type ProfileModel, type ProfileName } from "./contract";
export { profilesOf } from "./profiles-of";
