/** Shapes every area shares. An area's own shapes live with the area, taken from the contract: `Schema<"Tag">`. */
import type { components, paths } from "./schema.gen";

/** A named schema of the contract. */
export type Schema<K extends keyof components["schemas"]> = components["schemas"][K];

/** A link to a record; `name` is empty when the caller may not see it. */
export type Ref = Schema<"Ref">;

/** One page of a list; the total only when asked for with `count=true`. */
export type Page<T> = Omit<Schema<"Page_Ref">, "items"> & { items: T[] };

/** What every list takes: search, filter (a condition as JSON), sort, paging. */
export type ListParams = NonNullable<paths["/customers"]["get"]["parameters"]["query"]>;

/** Lists whose conditions `/condition-fields` tells of. */
export type Filterable = paths["/condition-fields"]["get"]["parameters"]["query"]["resource"];

/** Decimal string end to end: never a JavaScript number. */
export type Money = Schema<"Money">;

/** What a change must name: the record and the version that was read. */
export interface Versioned {
  id: string;
  version: number;
}

export type Me = Schema<"Me">;

export type Session = Schema<"SessionView">;

export type Job = Schema<"JobView">;

/** The one condition language: filters, segments, rules. */
export type Condition = Schema<"Condition">;

export type ConditionLeaf = Extract<Condition, { field: string }>;

export type ConditionOp = Schema<"ConditionOp">;
