/** Settings that name groups of goods, as they are typed. */
import * as z from "zod/mini";
import { ApiProblem } from "@/api/problem";
import { rules } from "@/shared/form";

export interface Group {
  key: string;
  name_zh: string;
  name_en: string;
  category_ids: string[];
  product_ids: string[];
}

export interface GroupsValues<G extends Group> extends Record<string, unknown> {
  groups: G[];
}

/** A group to be filled in, under a key that none has. */
export function blankGroup(others: Group[], word: string): Group {
  let n = others.length + 1;
  while (others.some((one) => one.key === `${word}_${n}`)) n += 1;
  return { key: `${word}_${n}`, name_zh: "", name_en: "", category_ids: [], product_ids: [] };
}

/** What every group asks for, beside fields of its own. */
export const groupsSchema = <T extends z.core.$ZodLooseShape>(fields: T) =>
  z.object({
    groups: z.array(
      z
        .object({
          name_zh: rules.required(),
          name_en: rules.required(),
          category_ids: z.array(z.string()),
          product_ids: z.array(z.string()),
          ...fields,
        })
        .check(
          z.refine(
            (one) => {
              const named = one as unknown as Group;
              return named.category_ids.length + named.product_ids.length > 0;
            },
            { error: "form.required", path: ["category_ids"] },
          ),
        ),
    ),
  });

/** A refusal of the settings as one of the groups that the form shows. */
export function nearer(error: unknown, member: string): unknown {
  if (!(error instanceof ApiProblem)) return error;
  const errors = error.errors.map((one) => ({
    ...one,
    pointer: one.pointer.replace(`/settings/insight/${member}`, "/groups"),
  }));
  return new ApiProblem(
    error.status,
    { title: error.title, code: error.code, detail: error.detail, errors } as never,
    error.retryAfter,
  );
}
