/** Bill-paying programmes as the server tells of them. */
import { queryOptions } from "@tanstack/react-query";
import { api, keys, ok, type Schema } from "@/api";

export type Programme = Schema<"ProgrammeView">;
export type ProgrammeSettings = Schema<"ProgrammeSettings">;

export const programmesQuery = queryOptions({
  queryKey: keys.part("insight", "programmes", ""),
  queryFn: ({ signal }) => ok(api.GET("/insight/lifetime/programmes", { signal })),
});

/** What a programme is called in the language of the screen. */
export const nameOf = (one: Pick<ProgrammeSettings, "name_zh" | "name_en">, language: string) =>
  language.startsWith("zh") ? one.name_zh : one.name_en;
