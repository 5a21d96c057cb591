import type { Schema } from "@/api";

export type Qualification = Schema<"QualificationView">;
export type QualificationLine = Schema<"QualificationLine">;
export type Status = Schema<"QualificationStatus">;
export type Act = Schema<"QualificationAct">;
export type Template = Schema<"QualificationTemplateView">;
export type TemplateInput = Schema<"QualificationTemplateInput">;
export type Definition = Schema<"QualificationDefinition">;
export type Round = Schema<"QualificationRound">;
export type Fill = Schema<"QualificationInputPatch">;

export const STATUSES = [
  "open",
  "proposed",
  "rejected",
  "approved",
  "qualified",
  "withdrawn",
] as const satisfies Status[];
