/** What the contract says of customers, under the names used here. */
import type { Schema } from "@/api";

export type Customer = Schema<"CustomerView">;
export type CustomerBody = Schema<"CustomerInput">;
export type CustomerPatch = Schema<"CustomerInputPatch">;
export type Status = Schema<"CustomerStatus">;
export type Stage = Schema<"Stage">;
export type ValueClass = Schema<"ValueClass">;
export type Metrics = Schema<"Metrics">;
export type Address = Schema<"AddressEntry">;
export type TagRef = Schema<"TagRef">;
export type Fact = Schema<"CustomerFact">;
export type Preference = Schema<"PreferenceView">;
export type PartyRef = Schema<"PartyRef">;
export type Relation = Schema<"RelationView">;
export type Share = Schema<"ShareView">;
export type TimelineItem = Schema<"TimelineItem">;
export type Card = Schema<"CustomerCard">;
