import { Button, Group, Stack, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { Dialog } from "./Dialog";
import { problemText } from "./States";

export interface ConfirmProps {
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** The verb on the button: "Deactivate", never "OK". */
  verb: string;
  danger?: boolean;
  /** Awaited; the dialog stays open with the server's words when it fails. */
  onConfirm: () => Promise<unknown>;
}

export default function ConfirmDialog({ onClose, title, children, verb, danger, onConfirm }: ConfirmProps) {
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
    <Dialog opened onClose={close} title={title} size="sm">
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
