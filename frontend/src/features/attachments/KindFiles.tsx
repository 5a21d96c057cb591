import { IconPaperclip, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { download } from "@/api";
import { useFormat } from "@/shared/format";
import { Anchor, Button, IconButton, Progress, toast } from "@/shared/ui";
import classes from "./Attachments.module.css";
import {
  type Attachment,
  attachmentsKey,
  attachmentsQuery,
  deleteAttachment,
  restoreAttachment,
  type Subject,
} from "./queries";
import { useUploads } from "./useUploads";

interface Props {
  subject: Subject;
  /** What these files are to the subject. */
  kind: string;
  label: string;
  mayWrite: boolean;
  onChanged: () => void;
}

/** The files of one kind, as lines: a contract that must be on file. */
export function KindFiles({ subject, kind, label, mayWrite, onChanged }: Props) {
  const { t } = useTranslation("attachments");
  const f = useFormat();
  const client = useQueryClient();
  const files = (useQuery(attachmentsQuery(subject)).data ?? []).filter((one) => one.kind === kind);
  const { running, add } = useUploads(subject);
  const input = useRef<HTMLInputElement>(null);
  const refresh = async () => {
    await client.invalidateQueries({ queryKey: attachmentsKey(subject) });
    onChanged();
  };
  const remove = useMutation({
    mutationFn: (file: Attachment) => deleteAttachment(file),
    onSuccess: (_gone, file) => {
      const again = () => void restoreAttachment(file.id).then(refresh, toast.problem);
      toast.undo(t("common:state.deleted", { name: file.name }), t("common:action.undo"), again);
      return refresh();
    },
  });
  return (
    <>
      <div className={classes.kindHead}>
        <span>{label}</span>
        {mayWrite && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPaperclip size={14} />}
            onClick={() => input.current?.click()}
          >
            {t("attach")}
          </Button>
        )}
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label={t("attach_as", { name: label })}
          onChange={(event) => {
            const chosen = [...(event.currentTarget.files ?? [])];
            event.currentTarget.value = "";
            void add(chosen, kind).then(onChanged);
          }}
        />
      </div>
      {running.map((one) => (
        <Progress key={one.key} value={one.share * 100} aria-label={t("uploading", { name: one.name })} />
      ))}
      {files.map((file) => (
        <div key={file.id} className={classes.kindFile}>
          <Anchor
            component="button"
            type="button"
            size="sm"
            onClick={() => void download(`/attachments/${file.id}/content`, file.name).catch(toast.problem)}
          >
            {file.name}
          </Anchor>
          <span className={classes.about}>
            {f.bytes(file.size)} · {file.created_by.name} · {f.ago(file.created_at)}
          </span>
          {mayWrite && (
            <IconButton
              size="sm"
              label={t("delete_file", { name: file.name })}
              onClick={() => remove.mutate(file)}
            >
              <IconTrash size={14} />
            </IconButton>
          )}
        </div>
      ))}
    </>
  );
}
