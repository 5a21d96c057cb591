import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { Dialog, Select, Stack, TextInput } from "@/shared/ui";
import { PRESETS } from "../pivots/state";
import { changeBoard, copyBoard, createBoard, readBoard } from "./queries";
import { type Board, type Preset, SHARING, type Sharing } from "./types";

interface Props {
  purpose: "new" | "copy" | "settings";
  board: Board;
  onClose: () => void;
  onKept: (board: Board) => void;
}

interface Values extends Record<string, unknown> {
  name: string;
  sharing: Sharing;
  preset: Preset | "";
}

const NONE = "";

const valuesOf = (board: Board): Values => ({
  name: board.name,
  sharing: board.sharing ?? "private",
  preset: board.period?.preset ?? NONE,
});

/** What a board is called, who sees it, and which days it is about. */
export default function BoardDialog({ purpose, board, onClose, onKept }: Props) {
  const { t } = useTranslation(["dashboards", "pivots"]);
  const settings = purpose === "settings";
  const form = useServerForm<Values, Board>({
    initial: settings
      ? valuesOf(board)
      : {
          name: purpose === "copy" ? t("copy_name", { name: board.name }) : "",
          sharing: "private",
          preset: "this_month",
        },
    version: settings ? board.version : undefined,
    schema: z.object({ name: rules.required() }),
    save: ({ name, sharing, preset }, version) => {
      if (purpose === "copy") return copyBoard(board.id, name);
      const own = board.period && !board.period.preset && preset === NONE ? board.period : null;
      const period = preset === NONE ? (settings ? own : null) : { preset };
      return settings
        ? changeBoard({ id: board.id, version }, { name, sharing, period })
        : createBoard({ name, sharing, period, cards: [] });
    },
    reload: async () => {
      const now = await readBoard(board.id);
      return { values: valuesOf(now), version: now.version };
    },
    onSaved: onKept,
  });
  return (
    <Dialog opened onClose={onClose} title={t(`dialog.${purpose}`)} size="sm">
      <Form form={form}>
        <Stack gap="sm">
          <TextInput label={t("name")} data-autofocus required {...form.field("name")} />
          {purpose !== "copy" && (
            <>
              <Select
                label={t("shared_with")}
                description={t("shared_hint")}
                allowDeselect={false}
                data={SHARING.map((value) => ({ value, label: t(`sharing.${value}`) }))}
                {...form.field("sharing")}
              />
              <Select
                label={t("period")}
                allowDeselect={false}
                data={[
                  { value: NONE, label: t("period_each") },
                  ...PRESETS.map((value) => ({ value, label: t(`pivots:period.${value}`) })),
                ]}
                {...form.field("preset")}
              />
            </>
          )}
        </Stack>
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
