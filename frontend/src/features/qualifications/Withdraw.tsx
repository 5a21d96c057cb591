import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Anchor, Button, Dialog, Group, Stack, Textarea } from "@/shared/ui";
import classes from "./Qualification.module.css";
import { withdrawQualification } from "./queries";
import type { Qualification } from "./types";
import { useActs } from "./useActs";

/** Gives a qualification up, and says why. */
export function Withdraw({ row }: { row: Qualification }) {
  const { t } = useTranslation("qualifications");
  const { run, busy } = useActs(row);
  const [asking, setAsking] = useState(false);
  const [note, setNote] = useState("");
  const withdraw = () =>
    void run((now) => withdrawQualification(now, note.trim())).then(
      () => setAsking(false),
      () => undefined,
    );
  return (
    <p className={classes.end}>
      <Anchor component="button" type="button" size="sm" onClick={() => setAsking(true)}>
        {t("withdraw")}
      </Anchor>
      <Dialog opened={asking} onClose={() => setAsking(false)} title={t("withdraw")}>
        <Stack>
          <Textarea
            label={t("withdraw_note")}
            data-autofocus
            autosize
            minRows={2}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => setAsking(false)}>
              {t("common:action.cancel")}
            </Button>
            <Button color="red" loading={busy} onClick={withdraw}>
              {t("withdraw")}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </p>
  );
}
