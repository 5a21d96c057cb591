import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { idempotencyKey, keys, type Schema } from "@/api";
import { Button, Group, LazySelect, SegmentedControl, Textarea } from "@/shared/ui";
import { addInteraction } from "./commands";
import classes from "./TimelinePanel.module.css";

type Kind = Schema<"InteractionKind">;
const KINDS = ["note", "call", "visit", "meeting", "message"] as const satisfies Kind[];
const DIRECTED = new Set<Kind>(["call", "message"]);

/** Writes down a contact: what kind, what was said. Ctrl+Enter saves; what was typed survives a failure. */
export function Composer({ customer }: { customer: string }) {
  const { t } = useTranslation("customers");
  const client = useQueryClient();
  const [kind, setKind] = useState<Kind>("note");
  const [direction, setDirection] = useState<Schema<"Direction">>("out");
  const [body, setBody] = useState("");
  const key = useRef(idempotencyKey());
  const add = useMutation({
    mutationFn: () =>
      addInteraction(
        {
          customer_id: customer,
          kind,
          body: body.trim(),
          ...(DIRECTED.has(kind) ? { direction } : {}),
        },
        key.current,
      ),
    onSuccess: () => {
      key.current = idempotencyKey();
      setBody("");
      return client.invalidateQueries({ queryKey: keys.one("customers", customer) });
    },
  });
  const save = () => {
    if (body.trim() && !add.isPending) add.mutate();
  };
  return (
    <form
      className={classes.composer}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Textarea
        variant="unstyled"
        px="sm"
        py={4}
        autosize
        minRows={2}
        maxRows={10}
        aria-label={t("entry_body")}
        placeholder={t(`composer.${kind}`)}
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
        onKeyDown={(event) => {
          if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && !event.nativeEvent.isComposing) {
            event.preventDefault();
            save();
          }
        }}
      />
      <div className={classes.composerFoot}>
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            aria-label={t("composer.kind")}
            value={kind}
            onChange={setKind}
            data={KINDS.map((one) => ({ value: one, label: t(`interaction.${one}`) }))}
          />
          {DIRECTED.has(kind) && (
            <LazySelect
              size="xs"
              w={110}
              aria-label={t("composer.direction")}
              allowDeselect={false}
              value={direction}
              onChange={(next) => setDirection(next === "in" ? "in" : "out")}
              data={(["out", "in"] as const).map((one) => ({ value: one, label: t(`direction.${one}`) }))}
            />
          )}
        </Group>
        <Button type="submit" size="compact-md" loading={add.isPending} disabled={!body.trim()}>
          {t("composer.save")}
        </Button>
      </div>
    </form>
  );
}
