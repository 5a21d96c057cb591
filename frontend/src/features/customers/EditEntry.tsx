import { useTranslation } from "react-i18next";
import type { Versioned } from "@/api";
import { Form, FormActions, useServerForm } from "@/shared/form";
import { Dialog, Textarea, toast } from "@/shared/ui";
import { patchInteraction } from "./commands";
import type { TimelineItem } from "./types";

interface EditProps {
  item: TimelineItem;
  read: () => Promise<Versioned>;
  onClose: () => void;
  onSaved: () => void;
}

export default function EditEntry({ item, read, onClose, onSaved }: EditProps) {
  const { t } = useTranslation("customers");
  const form = useServerForm({
    initial: { body: item.body ?? "" },
    save: async (values) => patchInteraction(await read(), values),
    onSaved: () => {
      toast.done(t("common:state.saved"));
      onSaved();
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t("edit_entry")}>
      <Form form={form}>
        <Textarea
          aria-label={t("entry_body")}
          data-autofocus
          autosize
          minRows={3}
          maxRows={12}
          {...form.field("body")}
        />
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
