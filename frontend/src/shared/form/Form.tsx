import type { FormEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Alert, Button, Dialog, Group, Stack, Table, Text } from "../ui";
import { problemText } from "../ui/States";
import type { ServerForm } from "./useServerForm";

interface Props<V extends Record<string, unknown>> {
  form: ServerForm<V>;
  /** Names of fields for the conflict dialog; fields without a name are left out of it. */
  labels?: Partial<Record<keyof V & string, string>>;
  children: ReactNode;
}

/** A form that saves on Enter in a field and Ctrl+Enter anywhere, and shows what no field could. */
export function Form<V extends Record<string, unknown>>({ form, labels, children }: Props<V>) {
  const { t } = useTranslation();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    void form.submit();
  };
  return (
    <form
      noValidate
      onSubmit={submit}
      onKeyDown={(event) => {
        if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && !event.nativeEvent.isComposing) {
          submit(event);
        }
      }}
    >
      <Stack gap="md">
        {form.problem && (
          <Alert color="red" role="alert" variant="light">
            {problemText(form.problem, t)}
            {form.problem.errors.map((one) => (
              <Text key={one.pointer + one.code} size="sm">
                {one.detail}
              </Text>
            ))}
          </Alert>
        )}
        {children}
      </Stack>
      {form.conflict && <Conflict form={form} labels={labels} />}
    </form>
  );
}

const shown = (value: unknown): string =>
  value === null || value === undefined || value === ""
    ? "–"
    : typeof value === "object"
      ? JSON.stringify(value)
      : String(value);

function Conflict<V extends Record<string, unknown>>({ form, labels }: Omit<Props<V>, "children">) {
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

interface ActionsProps<V extends Record<string, unknown>> {
  form: ServerForm<V>;
  onCancel?: () => void;
  verb?: string;
  /** Extra buttons on the left: delete, save and add another. */
  children?: ReactNode;
}

export function FormActions<V extends Record<string, unknown>>({
  form,
  onCancel,
  verb,
  children,
}: ActionsProps<V>) {
  const { t } = useTranslation();
  return (
    <Group justify="space-between" mt="xs">
      <Group gap="xs">{children}</Group>
      <Group gap="xs">
        {onCancel && (
          <Button variant="default" onClick={onCancel}>
            {t("common:action.cancel")}
          </Button>
        )}
        <Button type="submit" loading={form.busy}>
          {verb ?? t("common:action.save")}
        </Button>
      </Group>
    </Group>
  );
}
