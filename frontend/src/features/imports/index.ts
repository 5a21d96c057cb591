/** imports: data in and out — the import wizard, and the export of any list. */
export type { ExportRequest } from "./ExportDialog";
export { useExport } from "./Exporting";
export { ImportLink } from "./ImportLink";
