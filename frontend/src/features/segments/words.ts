import type { Condition } from "@/api";
import { partsOf } from "@/shared/grid";

/** A condition in one line: its parts as the filter chips name them. */
export const conditionWords = (
  condition: Condition | undefined,
  chip: (part: Condition) => string,
  separator: string,
): string => partsOf(condition).map(chip).join(separator);
