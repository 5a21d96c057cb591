/** segments: groups of customers by condition or by hand. */
export { segmentsQuery } from "./queries";
export type { Segment } from "./types";
