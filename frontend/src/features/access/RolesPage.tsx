import { IconCopy, IconShieldLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok, useCan } from "@/api";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { SimpleTable } from "@/shared/grid";
import {
  Badge,
  Dialog,
  EmptyState,
  ErrorState,
  Group,
  IconButton,
  ListSkeleton,
  Page,
  PageHeader,
  Panel,
  Text,
  TextInput,
  TextLink,
} from "@/shared/ui";
import { type Role, rolesQuery, useRefresh } from "./queries";

export function RolesPage() {
  const { t } = useTranslation("admin");
  const roles = useQuery(rolesQuery);
  const may = useCan("access:role:write");
  const [copying, setCopying] = useState<Role>();
  const reach = (scope: string | null | undefined) => (scope ? t(`reach.${scope}`) : t("reach.nothing"));
  return (
    <Page width="regular">
      <PageHeader title={t("roles.title")} description={t("roles.hint")} />
      <Panel flush>
        {roles.isPending && <ListSkeleton />}
        {roles.isError && <ErrorState error={roles.error} onRetry={() => void roles.refetch()} />}
        {roles.data?.length === 0 && (
          <EmptyState icon={<IconShieldLock size={28} stroke={1.5} />} title={t("roles.none")} />
        )}
        {roles.data && roles.data.length > 0 && (
          <SimpleTable
            label={t("roles.title")}
            rows={roles.data}
            rowKey={(role) => role.id}
            columns={[
              {
                id: "name",
                header: t("field.name"),
                cell: (role) => (
                  <Group gap="xs" wrap="nowrap">
                    <TextLink to="/settings/roles/$id" params={{ id: role.id }} fw={600}>
                      {role.name}
                    </TextLink>
                    {role.built_in && (
                      <Badge size="sm" variant="light" color="gray">
                        {t("roles.built_in")}
                      </Badge>
                    )}
                  </Group>
                ),
              },
              {
                id: "customer",
                header: t("roles.customers"),
                cell: (role) => reach(role.scopes.customer),
                wide: true,
              },
              {
                id: "order",
                header: t("roles.orders"),
                cell: (role) => reach(role.scopes.order),
                wide: true,
              },
              {
                id: "permissions",
                header: t("roles.permissions"),
                align: "right",
                cell: (role) => role.permissions.length,
              },
              {
                id: "copy",
                header: "",
                width: 56,
                cell: (role) =>
                  may && (
                    <IconButton label={t("roles.copy", { name: role.name })} onClick={() => setCopying(role)}>
                      <IconCopy size={16} />
                    </IconButton>
                  ),
              },
            ]}
          />
        )}
      </Panel>
      {copying && <CopyRole role={copying} onClose={() => setCopying(undefined)} />}
    </Page>
  );
}

export function CopyRole({ role, onClose }: { role: Role; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const navigate = useNavigate();
  const refresh = useRefresh();
  const form = useServerForm({
    initial: { name: t("roles.copy_name", { name: role.name }) },
    schema: z.object({ name: rules.required() }),
    save: (values) =>
      ok(api.POST("/roles/{id}/copy", { params: { path: { id: role.id } }, body: values })) as Promise<Role>,
    onSaved: async (copy) => {
      await refresh("roles");
      onClose();
      void navigate({ to: "/settings/roles/$id", params: { id: copy.id } });
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t("roles.copy", { name: role.name })} size="sm">
      <Form form={form}>
        <Text size="sm" c="dimmed">
          {t("roles.copy_hint")}
        </Text>
        <TextInput label={t("field.name")} required data-autofocus {...form.field("name")} />
        <FormActions form={form} onCancel={onClose} verb={t("roles.copy_verb")} />
      </Form>
    </Dialog>
  );
}
