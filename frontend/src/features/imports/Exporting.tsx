import { lazy, type ReactNode, Suspense, useState } from "react";
import { type ListParams, type Schema, useCan } from "@/api";
import type { ExportRequest } from "./ExportDialog";

const ExportDialog = lazy(() =>
  import("./ExportDialog").then((module) => ({ default: module.ExportDialog })),
);

interface Exporting {
  /** Opens the dialog; absent for people who may not export. */
  start?: (request: Omit<ExportRequest, "resource">) => void;
  /** For `ListView`: exports exactly what is shown. */
  onExport?: (query: ListParams, columns: string[]) => void;
  /** Place it once on the page. */
  dialog: ReactNode;
}

/** The export of a list, of one segment's members if there is one; the dialog loads when somebody wants it. */
export function useExport(resource: Schema<"ExportResource">, segment?: string): Exporting {
  const may = useCan("platform:export:run");
  const [request, setRequest] = useState<ExportRequest>();
  const start = (asked: Omit<ExportRequest, "resource">) => setRequest({ resource, ...asked });
  return {
    start: may ? start : undefined,
    onExport: may ? (query, columns) => start({ query, columns, segment }) : undefined,
    dialog: request && (
      <Suspense>
        <ExportDialog request={request} onClose={() => setRequest(undefined)} />
      </Suspense>
    ),
  };
}
