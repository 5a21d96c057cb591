import { IconCheck, IconPlus, IconRotate, IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Badge, Button, Group, IconButton, LazySelect, Panel, TextInput, toast } from "@/shared/ui";
import classes from "./Opportunity.module.css";
import { patchOpportunity } from "./queries";
import { NOTE_KINDS, type Note, type Opportunity } from "./types";

const COLORS: Record<Note["kind"], string> = { need: "blue", motive: "grape", resistance: "ember" };

interface Props {
  row: Opportunity;
  mayWrite: boolean;
  onSaved: (row: Opportunity) => void;
}

/** What the customer needs, what moves them, what holds them back, and whether it has been answered. */
export function NotesPanel({ row, mayWrite, onSaved }: Props) {
  const { t } = useTranslation("pipeline");
  const [kind, setKind] = useState<Note["kind"]>("need");
  const [text, setText] = useState("");
  const [answering, setAnswering] = useState<number>();
  const [answer, setAnswer] = useState("");
  const save = useMutation({
    mutationFn: (notes: Note[]) => patchOpportunity(row, { notes }),
    onSuccess: (now) => {
      setText("");
      setAnswering(undefined);
      setAnswer("");
      onSaved(now);
    },
    onError: toast.problem,
  });
  const put = (at: number, change: Partial<Note>) =>
    save.mutate(row.notes.map((one, place) => (place === at ? { ...one, ...change } : one)));
  return (
    <Panel title={t("notes")} flush>
      {row.notes.length === 0 && <p className={classes.nothing}>{t("notes_none")}</p>}
      <ul className={classes.rows}>
        {row.notes.map((note, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: notes are told by their place
          <li key={at} className={classes.row}>
            <span className={classes.words}>
              <Badge size="sm" variant="light" color={COLORS[note.kind]}>
                {t(`note.${note.kind}`)}
              </Badge>{" "}
              {note.text}
              {note.status === "answered" && (
                <div className={classes.sub}>
                  {t("answered")}
                  {note.answer && `: ${note.answer}`}
                </div>
              )}
              {answering === at && (
                <form
                  onSubmit={(event) => {
                    event.preventDefault();
                    put(at, { status: "answered", answer: answer || null });
                  }}
                >
                  <Group gap="xs" mt={6} wrap="nowrap">
                    <TextInput
                      size="xs"
                      style={{ flex: 1 }}
                      aria-label={t("answer")}
                      placeholder={t("answer")}
                      value={answer}
                      onChange={(event) => setAnswer(event.currentTarget.value)}
                    />
                    <Button type="submit" size="compact-sm" loading={save.isPending}>
                      {t("common:action.save")}
                    </Button>
                  </Group>
                </form>
              )}
            </span>
            {mayWrite &&
              (note.status === "open" ? (
                <IconButton
                  label={t("answer_one", { text: note.text })}
                  onClick={() => setAnswering(answering === at ? undefined : at)}
                >
                  <IconCheck size={15} />
                </IconButton>
              ) : (
                <IconButton
                  label={t("reopen_one", { text: note.text })}
                  onClick={() => put(at, { status: "open" })}
                >
                  <IconRotate size={15} />
                </IconButton>
              ))}
            {mayWrite && (
              <IconButton
                label={t("remove_one", { text: note.text })}
                onClick={() => save.mutate(row.notes.toSpliced(at, 1))}
              >
                <IconTrash size={15} />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
      {mayWrite && (
        <form
          className={classes.row}
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim())
              save.mutate([...row.notes, { kind, text: text.trim(), status: "open", answer: null }]);
          }}
        >
          <LazySelect
            size="xs"
            w={110}
            aria-label={t("note_kind")}
            allowDeselect={false}
            data={NOTE_KINDS.map((one) => ({ value: one, label: t(`note.${one}`) }))}
            value={kind}
            onChange={(value) => setKind(NOTE_KINDS.find((one) => one === value) ?? kind)}
          />
          <TextInput
            size="xs"
            style={{ flex: 1 }}
            aria-label={t("note_text")}
            placeholder={t("note_hint")}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <IconButton label={t("note_add")} type="submit" loading={save.isPending}>
            <IconPlus size={16} />
          </IconButton>
        </form>
      )}
    </Panel>
  );
}
