import { type FormEvent, lazy, type ReactNode, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Alert, Button, Group, Stack, Text } from "../ui";
import { problemText } from "../ui/States";
import type ConflictDialog from "./Conflict";
import type { ServerForm } from "./useServerForm";

const Conflict = lazy(() => import("./Conflict")) as unknown as typeof ConflictDialog;

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
      {form.conflict && (
        <Suspense>
          <Conflict form={form} labels={labels} />
        </Suspense>
      )}
    </form>
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
