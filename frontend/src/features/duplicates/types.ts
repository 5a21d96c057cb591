/** What the contract says of duplicates and merges, under the names used here. */
import type { Schema } from "@/api";

export type Duplicate = Schema<"DuplicateView">;
export type Choice = Schema<"MergeChoice">;
export type Choices = Schema<"MergeChoices">;
export type Merge = Schema<"MergeView">;
export type Reason = Schema<"DuplicateReason">;

/** What of the queue is looked at; stands in the address. */
export interface DuplicateSearch {
  certainty?: "certain" | "possible";
  owner?: string;
  /** Only pairs of this customer. */
  customer?: string;
}
