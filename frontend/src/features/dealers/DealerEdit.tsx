import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, keys, ok } from "@/api";
import { useDictionary } from "@/features/customers";
import { Form, FormActions, useServerForm } from "@/shared/form";
import { DateField, Group, Select, SidePanel, Textarea, TextInput, toast } from "@/shared/ui";
import { DEALERS, type Dealer, dealerQuery, patchDealer } from "./queries";

const valuesOf = (dealer: Dealer) => ({
  kind: dealer.kind as string | null,
  territory: dealer.territory ?? "",
  since: dealer.since ?? null,
  ended_on: dealer.ended_on ?? null,
  note: dealer.note ?? "",
});

/** What kind of dealer it is, where, and since when. */
export default function DealerEdit({ dealer, onClose }: { dealer: Dealer; onClose: () => void }) {
  const { t } = useTranslation("dealers");
  const client = useQueryClient();
  const kinds = useDictionary("dealer_kind");
  const form = useServerForm({
    initial: valuesOf(dealer),
    version: dealer.version,
    save: ({ kind, territory, note, ...days }, version) =>
      patchDealer(
        { id: dealer.id, version: version ?? dealer.version },
        { ...days, kind: kind ?? "", territory: territory.trim() || null, note: note.trim() || null },
      ),
    reload: async () => {
      const now = await ok(api.GET("/dealers/{id}", { params: { path: { id: dealer.id } } }));
      return { values: valuesOf(now), version: now.version };
    },
    onSaved: (saved: Dealer) => {
      toast.done(t("common:state.saved"));
      client.setQueryData(dealerQuery(saved.id).queryKey, saved);
      void client.invalidateQueries({ queryKey: keys.of(DEALERS) });
      void client.invalidateQueries({ queryKey: keys.one("customers", saved.customer.id) });
      onClose();
    },
  });
  return (
    <SidePanel opened onClose={onClose} title={dealer.customer.name} size="md">
      <Form form={form}>
        <Select
          label={t("field.kind")}
          required
          allowDeselect={false}
          data={kinds.options}
          {...form.field("kind")}
        />
        <TextInput label={t("field.territory")} {...form.field("territory")} />
        <Group grow align="flex-start">
          <DateField
            label={t("field.since")}
            clearable
            value={form.values.since}
            onChange={(on) => form.set("since", on)}
          />
          <DateField
            label={t("field.ended_on")}
            clearable
            value={form.values.ended_on}
            onChange={(on) => form.set("ended_on", on)}
          />
        </Group>
        <Textarea label={t("field.note")} autosize minRows={2} maxRows={8} {...form.field("note")} />
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </SidePanel>
  );
}
