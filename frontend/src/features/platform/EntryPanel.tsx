import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, keys, ok } from "@/api";
import { changed, Form, FormActions, rules, useServerForm } from "@/shared/form";
import { Button, ConfirmDelete, NumberInput, SidePanel, Switch, TextInput, toast } from "@/shared/ui";
import type { DictionaryEntry } from "./queries";

interface EntryProps {
  dictionary: string;
  entry?: DictionaryEntry;
  nextPosition: number;
  onClose: () => void;
}

export default function EntryPanel({ dictionary, entry, nextPosition, onClose }: EntryProps) {
  const { t } = useTranslation("admin");
  const client = useQueryClient();
  const [deleting, setDeleting] = useState(false);
  const initial = {
    key: entry?.key ?? "",
    label_zh: entry?.label_zh ?? "",
    label_en: entry?.label_en ?? "",
    position: entry?.position ?? nextPosition,
    active: entry?.active ?? true,
  };
  const done = async () => {
    await client.invalidateQueries({ queryKey: keys.of("dictionaries") });
    onClose();
  };
  const form = useServerForm({
    initial,
    version: entry?.version,
    schema: z.object({ key: rules.required(), label_zh: rules.required(), label_en: rules.required() }),
    save: (values, version) =>
      entry
        ? ok(
            api.PATCH("/dictionary-entries/{id}", {
              params: { path: { id: entry.id }, header: ifMatch(version) },
              body: changed(initial, values),
            }),
          )
        : ok(
            api.POST("/dictionaries/{key}/entries", { params: { path: { key: dictionary } }, body: values }),
          ),
    onSaved: async () => {
      toast.done(t("common:state.saved"));
      await done();
    },
  });
  return (
    <SidePanel opened onClose={onClose} title={t(entry ? "dictionaries.edit" : "dictionaries.add")} size="sm">
      <Form form={form}>
        <TextInput label={t("field.label_zh")} required data-autofocus {...form.field("label_zh")} />
        <TextInput label={t("field.label_en")} required {...form.field("label_en")} />
        <TextInput
          label={t("field.key")}
          description={t("field.key_hint")}
          required
          disabled={entry !== undefined}
          {...form.field("key")}
        />
        <NumberInput label={t("field.position")} min={0} allowDecimal={false} {...form.field("position")} />
        <Switch label={t("common:state.active")} {...form.field("active", { type: "checkbox" })} />
        <FormActions form={form} onCancel={onClose}>
          {entry && (
            <Button variant="subtle" color="red" onClick={() => setDeleting(true)}>
              {t("common:action.delete")}
            </Button>
          )}
        </FormActions>
      </Form>
      {entry && (
        <ConfirmDelete
          opened={deleting}
          onClose={() => setDeleting(false)}
          title={t("dictionaries.delete")}
          onConfirm={async () => {
            await ok(
              api.DELETE("/dictionary-entries/{id}", {
                params: { path: { id: entry.id }, header: ifMatch(entry.version) },
              }),
            );
            await done();
          }}
        >
          {t("dictionaries.delete_hint")}
        </ConfirmDelete>
      )}
    </SidePanel>
  );
}
