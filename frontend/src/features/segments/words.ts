import type { Condition } from "@/api";
import { partsOf } from "@/shared/grid";
import type { Segment } from "./types";

/** A condition in one line: its parts as the filter chips name them. */
export const conditionWords = (
  condition: Condition | undefined,
  chip: (part: Condition) => string,
  separator: string,
): string => partsOf(condition).map(chip).join(separator);

/** What a customer must meet to be in the segment: its condition, or being in the list. */
export const membership = (segment: Segment): Condition =>
  segment.kind === "dynamic" && segment.condition
    ? segment.condition
    : { field: "segments", op: "any_of", value: [segment.id] };
