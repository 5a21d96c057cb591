import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { Dialog, Text, Textarea, toast } from "@/shared/ui";
import { completeStation, type Run, type Station, skipStation, stopRun } from "./queries";

export type Why =
  | { kind: "done"; station: Station }
  | { kind: "skip"; station: Station }
  | { kind: "stop"; run: Run };

interface Props {
  why: Why;
  onClose: () => void;
  onDone: () => void;
}

/** What came of a station, why it is skipped, or why a journey stops: none goes without a word. */
export default function WhyDialog({ why, onClose, onDone }: Props) {
  const { t } = useTranslation("journeys");
  const field = why.kind === "done" ? "note" : "reason";
  const form = useServerForm<Record<string, string>, Run>({
    initial: { [field]: "" },
    schema: z.object({ [field]: rules.required() }),
    save: (values) => {
      const text = values[field] ?? "";
      if (why.kind === "stop") return stopRun(why.run.id, text);
      const id = why.station.id ?? "";
      return why.kind === "done" ? completeStation(id, text) : skipStation(id, text);
    },
    onSaved: () => {
      if (why.kind !== "done") toast.done(t("common:state.saved"));
      onDone();
    },
  });
  const name = why.kind === "stop" ? why.run.journey.name : why.station.name;
  return (
    <Dialog opened onClose={onClose} title={t(`${why.kind}_title`, { name })} size="sm">
      <Form form={form}>
        {why.kind === "stop" && <Text size="sm">{t("stop_hint")}</Text>}
        <Textarea
          label={t(field)}
          required
          data-autofocus
          autosize
          minRows={2}
          maxRows={8}
          {...form.field(field)}
        />
        <FormActions form={form} onCancel={onClose} verb={t(why.kind)} />
      </Form>
    </Dialog>
  );
}
