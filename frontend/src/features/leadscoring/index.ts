/** leadscoring: how likely a lead is won, by what is known of it, and why. */
export { ReasonsPanel } from "./ReasonsPanel";
export { ScoreMark } from "./ScoreMark";
