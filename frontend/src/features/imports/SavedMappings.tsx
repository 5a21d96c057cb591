import { IconBookmark, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, keys, ok } from "@/api";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { Button, Dialog, Menu, TextInput, toast } from "@/shared/ui";
import { mappingsQuery } from "./queries";
import type { Column, Mapping, Resource, SavedMapping } from "./types";

interface Props {
  resource: Resource;
  columns: Column[];
  mapping: Mapping;
  onApply: (mapping: Mapping) => void;
}

/** Mappings kept under a name, for files that come again. */
export function SavedMappings({ resource, columns, mapping, onApply }: Props) {
  const { t } = useTranslation("imports");
  const client = useQueryClient();
  const saved = useQuery(mappingsQuery(resource)).data ?? [];
  const [naming, setNaming] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: keys.of("import-mappings") });
  const remove = useMutation({
    mutationFn: (one: SavedMapping) =>
      ok(
        api.DELETE("/import-mappings/{id}", {
          params: { path: { id: one.id } },
          headers: ifMatch(one.version),
        }),
      ),
    onSuccess: refresh,
  });
  const apply = (one: SavedMapping) => {
    const known = new Map(one.mapping.columns.map((column) => [column.index, column.target]));
    onApply({
      ...one.mapping,
      key: one.mapping.key ?? null,
      columns: columns.map((column) => ({ index: column.index, target: known.get(column.index) ?? null })),
    });
  };
  return (
    <div>
      <Menu position="bottom-start" shadow="md" width={260}>
        <Menu.Target>
          <Button variant="default" leftSection={<IconBookmark size={16} stroke={1.6} />}>
            {t("saved_mappings")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {saved.length === 0 && <Menu.Label>{t("no_saved")}</Menu.Label>}
          {saved.map((one) => (
            <Menu.Item key={one.id} onClick={() => apply(one)}>
              {one.name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => setNaming(true)}>{t("save_mapping")}</Menu.Item>
          {saved.map((one) => (
            <Menu.Item
              key={`delete-${one.id}`}
              color="red"
              leftSection={<IconTrash size={15} />}
              onClick={() => remove.mutate(one)}
            >
              {t("delete_mapping", { name: one.name })}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {naming && (
        <NameDialog
          resource={resource}
          mapping={mapping}
          onClose={() => setNaming(false)}
          onSaved={() => {
            setNaming(false);
            void refresh();
          }}
        />
      )}
    </div>
  );
}

interface NameProps {
  resource: Resource;
  mapping: Mapping;
  onClose: () => void;
  onSaved: () => void;
}

function NameDialog({ resource, mapping, onClose, onSaved }: NameProps) {
  const { t } = useTranslation("imports");
  const form = useServerForm({
    initial: { name: "" },
    schema: z.object({ name: rules.required() }),
    save: (values) => ok(api.POST("/import-mappings", { body: { ...values, resource, mapping } as never })),
    onSaved: () => {
      toast.done(t("common:state.saved"));
      onSaved();
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t("save_mapping")} size="sm">
      <Form form={form}>
        <TextInput label={t("mapping_name")} required data-autofocus {...form.field("name")} />
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
