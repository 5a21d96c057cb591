/** customers: the people and organisations this is all about — the list, one customer's page, and pickers for others. */
export { BulkBar } from "./BulkBar";
export { CustomerPicker } from "./CustomerPicker";
export { CustomFacts } from "./CustomFacts";
export { CustomInputs } from "./CustomInputs";
export {
  BUYING_STYLES,
  GENDERS,
  STAGES,
  STATUSES,
  useDictionary,
  usePeople,
  useWords,
  VALUE_CLASSES,
  type Words,
} from "./choices";
export { useCustomerColumns } from "./columns";
export { addInteraction, bulkCustomers, patchCustomer } from "./commands";
export { customValues, customWords } from "./custom";
export { lunarWords } from "./lunar";
export { ClassMark, StageMark } from "./marks";
export { NewAsset } from "./NewAsset";
export { phoneWords } from "./phone";
export { fetchCustomers, plainCustomerQuery, readCustomer } from "./queries";
export type { Customer, Metrics, Stage, ValueClass } from "./types";
export { patchWish, type Wish } from "./wishes";
