import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type DragEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton, Panel, Progress } from "@/shared/ui";
import classes from "./Attachments.module.css";
import { AttachmentTile } from "./AttachmentTile";
import { attachmentsQuery, type Subject } from "./queries";
import { useUploads } from "./useUploads";

/** The files of a record: dropped or chosen, seen small, downloaded, renamed, taken away and back. */
export function AttachmentsPanel({ subject, mayWrite }: { subject: Subject; mayWrite: boolean }) {
  const { t } = useTranslation("attachments");
  const files = useQuery(attachmentsQuery(subject));
  const { running, add } = useUploads(subject);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const list = files.data ?? [];
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (mayWrite) void add(event.dataTransfer.files);
  };
  const choose = () => input.current?.click();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button inside does the same by keyboard
    <div
      className={classes.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        if (!mayWrite || !event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => !event.currentTarget.contains(event.relatedTarget as Node) && setOver(false)}
      onDrop={drop}
    >
      <Panel
        title={t("title")}
        flush
        aside={
          mayWrite && (
            <IconButton label={t("add")} onClick={choose}>
              <IconPlus size={16} />
            </IconButton>
          )
        }
      >
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label={t("add")}
          onChange={(event) => {
            void add(event.currentTarget.files ?? []);
            event.currentTarget.value = "";
          }}
        />
        {running.map((one) => (
          <div key={one.key} className={classes.running}>
            <span className={classes.name}>{one.name}</span>
            <Progress value={one.share * 100} aria-label={t("uploading", { name: one.name })} />
          </div>
        ))}
        {list.length > 0 ? (
          <ul className={classes.grid}>
            {list.map((one) => (
              <AttachmentTile key={one.id} file={one} subject={subject} mayWrite={mayWrite} />
            ))}
          </ul>
        ) : (
          running.length === 0 &&
          !files.isPending && <p className={classes.nothing}>{t(mayWrite ? "none_drop" : "none")}</p>
        )}
      </Panel>
    </div>
  );
}
