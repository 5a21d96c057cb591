import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CustomerPicker } from "@/features/customers";
import { Button, Dialog, Group, Stack, toast } from "@/shared/ui";
import { addMembers } from "./queries";
import type { Segment } from "./types";

interface AddProps {
  segment: Segment;
  onClose: () => void;
  onAdded: () => void;
}

export default function AddMember({ segment, onClose, onAdded }: AddProps) {
  const { t } = useTranslation("segments");
  const [id, setId] = useState<string | null>(null);
  const add = useMutation({
    mutationFn: (one: string) => addMembers(segment.id, { ids: [one] }),
    onSuccess: () => {
      setId(null);
      toast.done(t("added"));
      onAdded();
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t("add_member")} size="sm">
      <Stack>
        <CustomerPicker label={t("customer")} data-autofocus value={id} onChange={setId} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("common:action.close")}
          </Button>
          <Button disabled={!id} loading={add.isPending} onClick={() => id && add.mutate(id)}>
            {t("common:action.add")}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
