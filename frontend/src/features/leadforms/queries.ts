import { queryOptions } from "@tanstack/react-query";
import { api, keys, ok, type Schema } from "@/api";

export type LeadForm = Schema<"LeadFormView">;
export type Asked = Schema<"FormFieldInput">;
export type Purpose = Schema<"FormPurpose">;

/** What one writes of a form. */
export interface FormValues extends Record<string, unknown> {
  name: string;
  unit_id: string | null;
  title: string;
  intro: string | null;
  fields: Asked[];
  consent_text: string | null;
  consent_required: boolean;
  purposes: Purpose[];
  thanks: string | null;
  redirect_url: string | null;
  origins: string[];
  source: string | null;
  pipeline_id: string;
  stage_id: string | null;
  owner_id: string | null;
  people: string[];
  active: boolean;
}

export const FORMS = "lead-forms";

export const formsQuery = queryOptions({
  queryKey: keys.list(FORMS),
  queryFn: async ({ signal }) => (await ok(api.GET("/lead-forms", { signal }))).items,
});

export const snippetQuery = (id: string) =>
  queryOptions({
    queryKey: keys.part(FORMS, id, "snippet"),
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/lead-forms/{id}/snippet", { params: { path: { id } }, signal }))).html,
  });

export const submissionsQuery = (id: string) =>
  queryOptions({
    queryKey: keys.part("opportunities", id, "submissions"),
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/opportunities/{id}/submissions", { params: { path: { id } }, signal }))).items,
  });
