import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Alert, Button, Dialog, Group, Stack, Text, Textarea } from "@/shared/ui";
import { matchSheet, type Sheet, type SheetItem, type SheetPlace } from "./sheet";

interface Props {
  sheet: Sheet;
  onClose: () => void;
  onAdd: (places: SheetPlace[], items: SheetItem[]) => void;
}

const lines = (text: string) => [
  ...new Set(
    text
      .split(/[\n\t]/)
      .map((line) => line.trim())
      .filter((line) => line !== ""),
  ),
];

/** Puts places and products into a sheet by their codes or names, one a line, as they are copied from a list. */
export default function AddDialog({ sheet, onClose, onAdd }: Props) {
  const { t } = useTranslation("sheets");
  const [places, setPlaces] = useState("");
  const [items, setItems] = useState("");
  const add = useMutation({
    mutationFn: () => matchSheet({ measure: sheet.measure.key, places: lines(places), items: lines(items) }),
    onSuccess: (found) => {
      onAdd(
        found.places.flatMap((one) => one.found ?? []),
        found.items.flatMap((one) => one.found ?? []),
      );
      const left = (all: { text: string; found?: unknown }[]) =>
        all
          .filter((one) => !one.found)
          .map((one) => one.text)
          .join("\n");
      setPlaces(left(found.places));
      setItems(left(found.items));
      if ([...found.places, ...found.items].every((one) => one.found)) onClose();
    },
  });
  const lost = [...(add.data?.places ?? []), ...(add.data?.items ?? [])].filter((one) => !one.found);
  return (
    <Dialog opened onClose={onClose} title={t("add")}>
      <Stack gap="md">
        <Textarea
          label={t("add_places")}
          description={t("add_hint")}
          autosize
          minRows={4}
          maxRows={10}
          data-autofocus
          value={places}
          onChange={(event) => setPlaces(event.currentTarget.value)}
        />
        <Textarea
          label={t(sheet.measure.of === "competitor" ? "add_competitors" : "add_products")}
          description={t("add_hint")}
          autosize
          minRows={4}
          maxRows={10}
          value={items}
          onChange={(event) => setItems(event.currentTarget.value)}
        />
        {lost.length > 0 && (
          <Alert color="yellow" role="alert" title={t("not_found", { count: lost.length })}>
            {lost.slice(0, 20).map((one) => (
              <Text key={one.text} size="sm">
                {t(one.ambiguous ? "more_than_one" : "none_called", { text: one.text })}
              </Text>
            ))}
          </Alert>
        )}
        {add.error && (
          <Alert color="red" role="alert">
            {add.error.message}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common:action.cancel")}
          </Button>
          <Button
            loading={add.isPending}
            disabled={lines(places).length + lines(items).length === 0}
            onClick={() => add.mutate()}
          >
            {t("add_do")}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
