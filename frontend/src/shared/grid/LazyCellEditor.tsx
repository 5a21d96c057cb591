import { type ComponentProps, lazy, type ReactNode, Suspense } from "react";
import type { CellEditor as Editor } from "./CellEditor";

// `lazy` forgets type parameters.
const Loaded = lazy(() =>
  import("./CellEditor").then((module) => ({ default: module.CellEditor })),
) as unknown as typeof Editor;

type Props<T> = ComponentProps<typeof Editor<T>> & {
  /** What stands there until it is loaded. */
  meanwhile: ReactNode;
};

/** The editor of one field, loaded when the first is edited. */
export function CellEditor<T>({ meanwhile, ...props }: Props<T>) {
  return (
    <Suspense fallback={meanwhile}>
      <Loaded {...props} />
    </Suspense>
  );
}
