import { IconBookmark, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, keys, ok } from "@/api";
import { Button, Menu } from "@/shared/ui";
import { mappingsQuery } from "./queries";
import type { Column, Mapping, Resource, SavedMapping } from "./types";

const NameMapping = lazy(() => import("./NameMapping"));

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
      <Menu
        position="bottom-start"
        width={260}
        target={
          <Button variant="default" leftSection={<IconBookmark size={16} stroke={1.6} />}>
            {t("saved_mappings")}
          </Button>
        }
      >
        {({ Item, Divider, Label }) => (
          <>
            {saved.length === 0 && <Label>{t("no_saved")}</Label>}
            {saved.map((one) => (
              <Item key={one.id} onClick={() => apply(one)}>
                {one.name}
              </Item>
            ))}
            <Divider />
            <Item onClick={() => setNaming(true)}>{t("save_mapping")}</Item>
            {saved.map((one) => (
              <Item
                key={`delete-${one.id}`}
                color="red"
                leftSection={<IconTrash size={15} />}
                onClick={() => remove.mutate(one)}
              >
                {t("delete_mapping", { name: one.name })}
              </Item>
            ))}
          </>
        )}
      </Menu>
      <Suspense>
        {naming && (
          <NameMapping
            resource={resource}
            mapping={mapping}
            onClose={() => setNaming(false)}
            onSaved={() => {
              setNaming(false);
              void refresh();
            }}
          />
        )}
      </Suspense>
    </div>
  );
}
