import { useTranslation } from "react-i18next";
import { Button, Dialog, Group, Stack, Table, Text } from "../ui";
import type { ServerForm } from "./useServerForm";

interface Props<V extends Record<string, unknown>> {
  form: ServerForm<V>;
  labels?: Partial<Record<keyof V & string, string>>;
}

const shown = (value: unknown): string =>
  value === null || value === undefined || value === ""
    ? "–"
    : typeof value === "object"
      ? JSON.stringify(value)
      : String(value);

/** Someone saved first: both versions side by side, and the choice between them. */
export default function Conflict<V extends Record<string, unknown>>({ form, labels }: Props<V>) {
  const { t } = useTranslation();
  if (!form.conflict) return null;
  const { mine, theirs } = form.conflict;
  const named = Object.keys(labels ?? mine) as (keyof V & string)[];
  const rows = named.filter((key) => JSON.stringify(mine[key]) !== JSON.stringify(theirs[key]));
  return (
    <Dialog opened onClose={form.takeTheirs} title={t("common:problem.conflict_title")} size="lg">
      <Stack>
        <Text>{t("common:problem.conflict_body")}</Text>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("common:problem.conflict_field")}</Table.Th>
              <Table.Th>{t("common:problem.conflict_col_mine")}</Table.Th>
              <Table.Th>{t("common:problem.conflict_col_theirs")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((key) => (
              <Table.Tr key={key}>
                <Table.Td>{labels?.[key] ?? key}</Table.Td>
                <Table.Td>{shown(mine[key])}</Table.Td>
                <Table.Td>{shown(theirs[key])}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={form.takeTheirs}>
            {t("common:problem.conflict_theirs")}
          </Button>
          <Button onClick={() => void form.keepMine()}>{t("common:problem.conflict_mine")}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
