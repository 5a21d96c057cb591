import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "@/api";
import { PersonPicker } from "@/features/access";
import { Alert, Button, Dialog, Group, Stack, Text, toast } from "@/shared/ui";
import { problemText } from "@/shared/ui/States";
import { assignCustomers, POOLS, type Pool } from "./queries";

interface Props {
  pool: Pool;
  ids: string[];
  onClose: () => void;
  onDone: () => void;
}

/** Hands customers out of the pool to somebody of its unit. */
export default function AssignDialog({ pool, ids, onClose, onDone }: Props) {
  const { t } = useTranslation("pool");
  const client = useQueryClient();
  const [person, setPerson] = useState<string | null>(null);
  const assign = useMutation({
    mutationFn: (user_id: string) => assignCustomers(pool.id, { customer_ids: ids, user_id }),
    onSuccess: async (done) => {
      toast.done(t("assigned", { count: done.assigned }));
      await Promise.all([
        client.invalidateQueries({ queryKey: keys.of(POOLS) }),
        client.invalidateQueries({ queryKey: keys.of("customers") }),
      ]);
      onDone();
    },
    meta: { quiet: true },
  });
  return (
    <Dialog opened onClose={onClose} title={t("assign_title", { count: ids.length })} size="sm">
      <Stack>
        <Text size="sm">{t("assign_hint")}</Text>
        <PersonPicker label={t("to")} data-autofocus value={person} onChange={setPerson} />
        {assign.isError && (
          <Alert color="red" role="alert" variant="light">
            {problemText(assign.error, t)}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("common:action.cancel")}
          </Button>
          <Button
            disabled={!person}
            loading={assign.isPending}
            onClick={() => person && assign.mutate(person)}
          >
            {t("assign")}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
