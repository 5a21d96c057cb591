/** Saved views of a list: private or shared, pinned first; "changed · save · save as" beside the name. */
export { SavedViews } from "./SavedViews";
export { sameJson } from "./same";
export { ViewsMenu } from "./ViewsMenu";
