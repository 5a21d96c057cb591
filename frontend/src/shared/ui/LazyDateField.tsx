import { lazy, Suspense } from "react";
import type { DateFieldProps } from "./dates";

const Loaded = lazy(() => import("./dates").then((module) => ({ default: module.DateField })));

/** A calendar date typed or picked; the calendar loads when the field first shows. */
export function DateField(props: DateFieldProps) {
  return (
    <Suspense>
      <Loaded {...props} />
    </Suspense>
  );
}
