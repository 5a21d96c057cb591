import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { idempotencyKey } from "@/api";
import { addInteraction } from "@/features/customers";
import { Button, Dialog, Group, Stack, Text, Textarea, toast } from "@/shared/ui";
import type { NextAction } from "./queries";

interface CallDialogProps {
  one: NextAction;
  onClose: () => void;
  onSaved: () => void;
}

/** Writes down the call that was suggested. */
export default function CallDialog({ one, onClose, onSaved }: CallDialogProps) {
  const { t } = useTranslation(["next", "common"]);
  const [body, setBody] = useState("");
  const key = useRef(idempotencyKey());
  const add = useMutation({
    mutationFn: () =>
      addInteraction(
        { customer_id: one.customer.id, kind: "call", direction: "out", body: body.trim() },
        key.current,
      ),
    onSuccess: () => {
      onSaved();
      onClose();
    },
    onError: toast.problem,
  });
  const save = () => {
    if (body.trim() && !add.isPending) add.mutate();
  };
  return (
    <Dialog opened onClose={onClose} title={t("call.title", { name: one.customer.name })}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Stack>
          <Text size="sm" c="dimmed">
            {one.reason}
          </Text>
          <Textarea
            data-autofocus
            required
            autosize
            minRows={3}
            maxRows={10}
            label={t("call.body")}
            value={body}
            onChange={(event) => setBody(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (
                (event.ctrlKey || event.metaKey) &&
                event.key === "Enter" &&
                !event.nativeEvent.isComposing
              ) {
                event.preventDefault();
                save();
              }
            }}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("call.cancel")}
            </Button>
            <Button type="submit" loading={add.isPending} disabled={!body.trim()}>
              {t("call.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
