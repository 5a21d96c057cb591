import type { MultiSelectProps, SelectProps } from "@mantine/core";
import { lazy, Suspense } from "react";

const LoadedSelect = lazy(() => import("./choosing").then((module) => ({ default: module.LoadedSelect })));
const LoadedMultiSelect = lazy(() =>
  import("./choosing").then((module) => ({ default: module.LoadedMultiSelect })),
);

/** A `Select` on a page that seldom shows it: loaded when it first does. */
export function LazySelect(props: SelectProps) {
  return (
    <Suspense>
      <LoadedSelect {...props} />
    </Suspense>
  );
}

/** The same for a `MultiSelect`. */
export function LazyMultiSelect(props: MultiSelectProps) {
  return (
    <Suspense>
      <LoadedMultiSelect {...props} />
    </Suspense>
  );
}
