import {
  IconDots,
  IconDownload,
  IconFile,
  IconFileText,
  IconFileTypePdf,
  IconFileZip,
  IconPencil,
  IconPhoto,
  IconTable,
  IconTrash,
  type TablerIcon,
} from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { download, keys } from "@/api";
import { useFormat } from "@/shared/format";
import { IconButton, Menu, TextInput, toast } from "@/shared/ui";
import classes from "./Attachments.module.css";
import {
  type Attachment,
  attachmentsKey,
  deleteAttachment,
  renameAttachment,
  restoreAttachment,
  type Subject,
  thumbnailQuery,
} from "./queries";

const ICONS: [RegExp, TablerIcon][] = [
  [/^image\//, IconPhoto],
  [/pdf$/, IconFileTypePdf],
  [/sheet|excel|csv/, IconTable],
  [/zip|compressed|rar|7z|gzip|tar$/, IconFileZip],
  [/^text\/|word/, IconFileText],
];

const iconOf = (type: string): TablerIcon => ICONS.find(([fits]) => fits.test(type))?.[1] ?? IconFile;

interface Props {
  file: Attachment;
  subject: Subject;
  mayWrite: boolean;
}

/** One file: its picture or the sign of its kind; pressed, it is downloaded. */
export function AttachmentTile({ file, subject, mayWrite }: Props) {
  const { t } = useTranslation("attachments");
  const f = useFormat();
  const client = useQueryClient();
  const [naming, setNaming] = useState(false);
  const picture = useQuery({ ...thumbnailQuery(file.id), enabled: file.has_thumbnail });
  const refresh = () => {
    void client.invalidateQueries({ queryKey: keys.of("customers") });
    return client.invalidateQueries({ queryKey: attachmentsKey(subject) });
  };
  const remove = useMutation({
    mutationFn: () => deleteAttachment(file),
    onSuccess: () => {
      const again = () => void restoreAttachment(file.id).then(refresh, toast.problem);
      toast.undo(t("common:state.deleted", { name: file.name }), t("common:action.undo"), again);
      return refresh();
    },
  });
  const fetchFile = () => void download(`/attachments/${file.id}/content`, file.name).catch(toast.problem);
  const Icon = iconOf(file.media_type);
  return (
    <li className={classes.tile}>
      <button
        type="button"
        className={classes.face}
        onClick={fetchFile}
        aria-label={t("download", { name: file.name })}
      >
        {picture.data ? (
          <img src={picture.data} alt="" className={classes.picture} />
        ) : (
          <Icon size={34} stroke={1.3} aria-hidden="true" />
        )}
      </button>
      {naming ? (
        <Naming file={file} onDone={() => setNaming(false)} onSaved={refresh} />
      ) : (
        <div className={classes.words}>
          <span className={classes.name} title={file.name}>
            {file.name}
          </span>
          <span className={classes.about}>
            {[file.kind, f.bytes(file.size), f.ago(file.created_at)].filter(Boolean).join(" · ")}
          </span>
        </div>
      )}
      {mayWrite && !naming && (
        <div className={classes.menu}>
          <Menu
            position="bottom-end"
            target={
              <IconButton label={t("actions", { name: file.name })} size="sm">
                <IconDots size={16} />
              </IconButton>
            }
          >
            {({ Item }) => (
              <>
                <Item leftSection={<IconDownload size={16} />} onClick={fetchFile}>
                  {t("fetch")}
                </Item>
                <Item leftSection={<IconPencil size={16} />} onClick={() => setNaming(true)}>
                  {t("rename")}
                </Item>
                <Item leftSection={<IconTrash size={16} />} onClick={() => remove.mutate()}>
                  {t("common:action.delete")}
                </Item>
              </>
            )}
          </Menu>
        </div>
      )}
    </li>
  );
}

function Naming({
  file,
  onDone,
  onSaved,
}: {
  file: Attachment;
  onDone: () => void;
  onSaved: () => Promise<void>;
}) {
  const { t } = useTranslation("attachments");
  const [name, setName] = useState(file.name);
  const rename = useMutation({
    mutationFn: () => renameAttachment(file, name.trim()),
    onSuccess: async () => {
      await onSaved();
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() && name.trim() !== file.name) rename.mutate();
    else onDone();
  };
  return (
    <form
      onSubmit={submit}
      onKeyDown={(event) => event.key === "Escape" && !event.nativeEvent.isComposing && onDone()}
    >
      <TextInput
        autoFocus
        size="xs"
        aria-label={t("name_of", { name: file.name })}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        onBlur={() => !rename.isPending && onDone()}
      />
    </form>
  );
}
