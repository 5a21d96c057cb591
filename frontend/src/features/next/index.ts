/** next: what to do next for whom and why, worked off from Today and from a customer's card. */
export { NextActionsPanel } from "./NextActionsPanel";
export { useSuggestedProducts } from "./suggested";
