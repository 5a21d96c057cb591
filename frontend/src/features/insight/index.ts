/** insight: what customers are worth and who is about to leave; what others need of it. */
export { readWarning, type Warning } from "./outlook";
export const loadWarningDialog = () => import("./WarningDialog");
export const loadRecommendationsPanel = () =>
  import("./associations/RecommendationsPanel").then((module) => ({ default: module.RecommendationsPanel }));
