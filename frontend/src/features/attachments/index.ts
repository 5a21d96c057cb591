/** platform: files at records. */
export { AttachmentsPanel } from "./AttachmentsPanel";
export { type Attachment, attachmentsQuery, type Subject } from "./queries";
export { useUploads } from "./useUploads";
