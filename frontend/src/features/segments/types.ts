import type { Schema } from "@/api";

export type Segment = Schema<"SegmentView">;
export type SegmentKind = Schema<"SegmentKind">;
