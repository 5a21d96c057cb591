/** imports: data in and out — the import wizard, and the export of any list. */
export { ExportDialog, type ExportRequest } from "./ExportDialog";
