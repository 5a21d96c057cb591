import { queryOptions } from "@tanstack/react-query";
import { api, ifMatch, keys, ok, raw, type Schema, upload, type Versioned } from "@/api";

export type Attachment = Schema<"AttachmentView">;

/** The record that files hang at. */
export interface Subject {
  type: Schema<"AttachmentSubject">;
  id: string;
}

const queryOf = (subject: Subject) => ({ subject_type: subject.type, subject_id: subject.id });

export const attachmentsKey = (subject: Subject) => keys.list("attachments", queryOf(subject));

export const attachmentsQuery = (subject: Subject) =>
  queryOptions({
    queryKey: attachmentsKey(subject),
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/attachments", { params: { query: queryOf(subject) }, signal }))).items,
  });

/** The small picture as an address the page can show; made once, for the bytes never change. */
export const thumbnailQuery = (id: string) =>
  queryOptions({
    queryKey: keys.part("attachments", id, "thumbnail"),
    queryFn: async ({ signal }) =>
      URL.createObjectURL(await (await raw(`/attachments/${id}/thumbnail`, { signal })).blob()),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });

export const uploadAttachment = (
  subject: Subject,
  file: File,
  kind: string | undefined,
  onProgress: (share: number) => void,
) =>
  upload<Attachment>({
    path: "/attachments",
    query: { ...queryOf(subject), name: file.name, kind },
    file,
    onProgress,
  });

export const renameAttachment = (row: Versioned, name: string) =>
  ok(
    api.PATCH("/attachments/{id}", {
      params: { path: { id: row.id }, header: ifMatch(row.version) },
      body: { name },
    }),
  );

export const deleteAttachment = (row: Versioned) =>
  ok(api.DELETE("/attachments/{id}", { params: { path: { id: row.id }, header: ifMatch(row.version) } }));

export const restoreAttachment = (id: string) =>
  ok(api.POST("/attachments/{id}/restoration", { params: { path: { id } } }));
