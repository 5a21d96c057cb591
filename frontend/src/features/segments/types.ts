import type { Condition, Ref, Versioned } from "@/api";

export interface Segment extends Versioned {
  name: string;
  description?: string | null;
  /** `dynamic` asks its condition each time; `static` keeps a list. */
  kind: "dynamic" | "static";
  condition?: Condition | null;
  shared: boolean;
  owner: Ref;
  editable?: boolean;
  count?: number | null;
  counted_at?: string | null;
}
