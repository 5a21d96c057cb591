import { queryOptions } from "@tanstack/react-query";
import { api, idempotencyKey, ifMatch, keys, ok, type Schema } from "@/api";

export type Scoring = Schema<"LeadScoringView">;
export type Scorecard = Schema<"LeadScorecard">;
export type ScorePart = Schema<"LeadScorePart">;
export type ScoreBin = Schema<"LeadScoreBin">;
export type Fit = Schema<"LeadScoreFit">;
export type Reason = Schema<"LeadScoreReason">;
export type Settings = Schema<"LeadScoringInput">;
export type Rule = Schema<"LeadScoreRule">;
export type Attribute = Schema<"LeadScoreAttribute">;

export const SCORING = "lead-scoring";

export const scoringQuery = (unit?: string) =>
  queryOptions({
    queryKey: keys.list(SCORING, { unit }),
    queryFn: ({ signal }) => ok(api.GET("/lead-scoring", { params: { query: { unit } }, signal })),
  });

export const fitsQuery = (unit?: string) =>
  queryOptions({
    queryKey: keys.list(SCORING, { fits: true, unit }),
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/lead-scoring/fits", { params: { query: { unit } }, signal }))).items,
  });

export const readScoring = (unit: string) => ok(api.GET("/lead-scoring", { params: { query: { unit } } }));

export const saveScoring = (unit: string, version: number, body: Settings) =>
  ok(api.PUT("/lead-scoring", { params: { query: { unit }, header: ifMatch(version) }, body }));

export const learnAnew = (unit: string) =>
  ok(api.POST("/lead-scoring/fits", { params: { header: idempotencyKey() }, body: { unit_id: unit } }));

/** With its sign, and a true minus. */
export const signed = (points: number) => (points > 0 ? `+${points}` : `${points}`.replace("-", "−"));
