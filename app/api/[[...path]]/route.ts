import { unknownRoute } from "@/app/_server/unknown-route";

export const dynamic = "force-dynamic";

export {
  unknownRoute as GET,
  unknownRoute as POST,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
};
