/** customers: the people and organisations this is all about — the list, one customer's page, and pickers for others. */
export { BulkBar } from "./BulkBar";
export { CustomerPicker } from "./CustomerPicker";
export { STAGES, useDictionary, usePeople, useWords, VALUE_CLASSES } from "./choices";
export { useCustomerColumns } from "./columns";
export { bulkCustomers, patchCustomer } from "./commands";
export { ClassMark, StageMark } from "./marks";
export { fetchCustomers, readCustomer } from "./queries";
export type { Customer, Metrics, Stage, ValueClass } from "./types";
