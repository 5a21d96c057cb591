import { IconCopy, IconShieldLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { SimpleTable } from "@/shared/grid";
import {
  Badge,
  EmptyState,
  Group,
  IconButton,
  Page,
  PageHeader,
  Panel,
  TextLink,
  Waiting,
} from "@/shared/ui";
import { type Role, rolesQuery } from "./queries";

const CopyRole = lazy(() => import("./CopyRole"));

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
        <Waiting query={roles} />
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
                id: "opportunity",
                header: t("roles.opportunities"),
                cell: (role) => reach(role.scopes.opportunity),
                wide: true,
              },
              { id: "holders", header: t("roles.holders"), align: "right", cell: (role) => role.holders },
              {
                id: "permissions",
                wide: true,
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
      {copying && (
        <Suspense>
          <CopyRole role={copying} onClose={() => setCopying(undefined)} />
        </Suspense>
      )}
    </Page>
  );
}
