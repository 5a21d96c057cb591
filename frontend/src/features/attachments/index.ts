/** platform: files at records. */
export { AttachmentsPanel } from "./AttachmentsPanel";
export { KindFiles } from "./KindFiles";
export { type Attachment, attachmentsQuery, type Subject } from "./queries";
export { useUploads } from "./useUploads";
