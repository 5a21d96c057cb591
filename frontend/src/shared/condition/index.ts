/**
 * The condition language as people build it: nested groups of "all of", "any of", "none of". Lists use it as the
 * advanced filter (`AdvancedFilter`, in the toolbar), segments as their definition (`ConditionBuilder`,
 * apart from this index so that it loads when it is opened).
 */
export { AdvancedFilter } from "./AdvancedFilter";
export { draftOf, type GroupDraft, written } from "./draft";
export { type ConditionFieldOption, useConditionFields } from "./fields";
