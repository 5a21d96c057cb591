import { Button, Group, Stack, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { Dialog } from "./Dialog";
import { problemText } from "./States";

interface Props {
  opened: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** The verb on the button: "Deactivate", never "OK". */
  verb: string;
  danger?: boolean;
  /** Awaited; the dialog stays open with the server's words when it fails. */
  onConfirm: () => Promise<unknown>;
}

/** Asks before what can't be undone. Reversible things are done at once and offer Undo instead. */
export function Confirm({ opened, onClose, title, children, verb, danger, onConfirm }: Props) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const close = () => {
    setProblem(undefined);
    onClose();
  };
  const confirm = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await onConfirm();
      close();
    } catch (error) {
      setProblem(error instanceof ApiProblem ? error : ApiProblem.network());
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog opened={opened} onClose={close} title={title} size="sm">
      <Stack gap="md">
        <div>{children}</div>
        {problem && (
          <Text role="alert" c="var(--mantine-color-error)" size="sm">
            {problemText(problem, t)}
          </Text>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close} data-autofocus>
            {t("action.cancel")}
          </Button>
          <Button color={danger ? "red" : undefined} loading={busy} onClick={confirm}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
