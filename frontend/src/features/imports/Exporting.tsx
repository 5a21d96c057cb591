import { lazy, Suspense } from "react";
import type { ExportRequest } from "./ExportDialog";

const Loaded = lazy(() => import("./ExportDialog").then((module) => ({ default: module.ExportDialog })));

/** The export of a list, loaded when somebody wants one. */
export function ExportDialog(props: { request: ExportRequest; onClose: () => void }) {
  return (
    <Suspense>
      <Loaded {...props} />
    </Suspense>
  );
}
