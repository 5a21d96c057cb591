import { lazy, Suspense } from "react";
import type { ConfirmProps } from "./ConfirmDialog";

const ConfirmDialog = lazy(() => import("./ConfirmDialog"));

/** Asks before what can't be undone. Reversible things are done at once and offer Undo instead. */
export function Confirm({ opened, ...rest }: ConfirmProps & { opened: boolean }) {
  return opened ? (
    <Suspense>
      <ConfirmDialog {...rest} />
    </Suspense>
  ) : null;
}
