/** platform: settings, custom fields, dictionaries, tags, and long work (jobs) that other areas start. */
export { JobProgress } from "./JobProgress";
export { ResultButton } from "./JobsPage";
export { jobsQuery, underWay, useJob } from "./jobs";
export {
  type CustomField,
  customFieldsQuery,
  type DictionaryEntry,
  dictionariesQuery,
  entriesQuery,
  type FieldResource,
  labelOf,
  type Settings,
  settingsQuery,
  type Tag,
  tagsQuery,
  useTagOptions,
} from "./queries";
export { requiredIn } from "./requiredIf";
export { TAG_COLORS, TagMark } from "./TagMark";
