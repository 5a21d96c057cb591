/** Pipelines, leads and opportunities, as the contract tells of them. */
import type { Schema } from "@/api";

export type Opportunity = Schema<"OpportunityView">;
export type OpportunityBody = Schema<"OpportunityInput">;
export type OpportunityPatch = Schema<"OpportunityInputPatch">;
export type Pipeline = Schema<"PipelineView">;
export type Stage = Schema<"StageView">;
export type StageStatus = Schema<"StageStatusKey">;
export type StageTotal = Schema<"StageTotalView">;
export type Figures = Schema<"PipelineFigures">;
export type Note = Schema<"OpportunityNote">;
export type Step = Schema<"PlanStep">;
export type MoveBody = Schema<"MoveInput">;

export const STAGE_STATUSES = ["open", "won", "lost", "dormant"] as const satisfies StageStatus[];
export const CRITERIA = [
  "qualified",
  "customer",
  "contacts",
  "owner",
  "amount",
  "expected_close",
  "source",
  "needs",
  "resistances_answered",
] as const satisfies Schema<"StageCriterion">[];
export const STEPS_ASKED = ["none", "required", "all"] as const satisfies Schema<"StepsAsked">[];
export const NOTE_KINDS = ["need", "motive", "resistance"] as const satisfies Schema<"OpportunityNoteKind">[];

/** Won and lost ask why. */
export const asksWhy = (status: StageStatus) => status === "won" || status === "lost";
