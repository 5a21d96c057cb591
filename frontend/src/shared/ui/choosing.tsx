/** Lists to choose texts from, apart from the index so that their machinery can load late: see ./LazySelect. */
import { MultiSelect, type MultiSelectProps, Select, type SelectProps } from "@mantine/core";

export const LoadedSelect = (props: SelectProps) => <Select {...props} />;
export const LoadedMultiSelect = (props: MultiSelectProps) => <MultiSelect {...props} />;
