/** segments: groups of customers by condition or by hand. */
export type { Segment } from "./types";
