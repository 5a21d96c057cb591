/**
 * The condition language as people build it: nested groups of "all of", "any of", "none of". Lists use it as the
 * advanced filter (`AdvancedFilter`, in the toolbar), segments as their definition (`ConditionBuilder`).
 */
export { AdvancedFilter } from "./AdvancedFilter";
export { ConditionBuilder } from "./ConditionBuilder";
export { draftOf, type GroupDraft, written } from "./draft";
export { type ConditionFieldOption, useConditionFields } from "./fields";
