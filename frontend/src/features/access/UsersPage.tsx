import { IconPlus, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type ListParams, ok, useCan } from "@/api";
import { useFormat } from "@/shared/format";
import { type FilterField, type GridColumn, ListView } from "@/shared/grid";
import {
  Badge,
  Button,
  CopyField,
  Dialog,
  EmptyState,
  Group,
  Page,
  PageHeader,
  Stack,
  Text,
  TextLink,
} from "@/shared/ui";
import { departmentsQuery, rolesQuery, type User } from "./queries";

const NewUserPanel = lazy(() => import("./NewUserPanel"));

const fetchUsers = (query: ListParams, signal: AbortSignal) =>
  ok(api.GET("/users", { params: { query }, signal }));

export function UsersPage() {
  const { t } = useTranslation("admin");
  const may = useCan("access:user:write");
  const navigate = useNavigate();
  const [creating, setCreating] = useState(false);
  const [invited, setInvited] = useState<User>();
  const columns = useColumns();
  const fields = useFields();
  const create = may && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
      {t("users.add")}
    </Button>
  );
  return (
    <Page width="full">
      <PageHeader title={t("users.title")} actions={create} />
      <ListView
        resource="users"
        label={t("users.title")}
        columns={columns}
        fields={fields}
        fetch={fetchUsers}
        open={(user) => ({ to: "/settings/users/$id", params: { id: user.id } })}
        name={(user) => user.name}
        empty={
          <EmptyState icon={<IconUsers size={28} stroke={1.5} />} title={t("users.none")} actions={create} />
        }
      />
      {creating && (
        <Suspense>
          <NewUserPanel
            onClose={() => setCreating(false)}
            onCreated={(user) => {
              setCreating(false);
              if (user.invite_url) setInvited(user);
              else void navigate({ to: "/settings/users/$id", params: { id: user.id } });
            }}
          />
        </Suspense>
      )}
      {invited?.invite_url && (
        <Dialog
          opened
          onClose={() => setInvited(undefined)}
          title={t("users.invited", { name: invited.name })}
          size="lg"
        >
          <Stack>
            <Text>{t("users.invite_hint")}</Text>
            <CopyField label={t("users.invite_link")} value={invited.invite_url} />
          </Stack>
        </Dialog>
      )}
    </Page>
  );
}

function useColumns(): GridColumn<User>[] {
  const { t } = useTranslation("admin");
  const f = useFormat();
  return useMemo(() => {
    return [
      {
        id: "name",
        header: t("users.name"),
        sort: "name",
        width: 180,
        phone: "title",
        cell: (user) => (
          <Group gap={8} wrap="nowrap" component="span">
            <TextLink to="/settings/users/$id" params={{ id: user.id }} fw={600}>
              {user.name}
            </TextLink>
            {(!user.active || user.invited) && (
              <Badge size="sm" color={user.active ? "ember" : "gray"} variant="light">
                {t(user.active ? "users.pending" : "users.inactive")}
              </Badge>
            )}
          </Group>
        ),
      },
      {
        id: "login",
        header: t("field.login"),
        sort: "login",
        width: 140,
        phone: "meta",
        cell: (user) => user.login,
      },
      { id: "unit", header: t("field.unit"), width: 140, cell: (user) => user.unit?.name ?? "" },
      {
        id: "department",
        header: t("field.department"),
        width: 150,
        phone: "meta",
        cell: (user) => user.department?.name ?? "",
      },
      {
        id: "roles",
        header: t("field.roles"),
        width: 220,
        cell: (user) => user.roles.map((role) => role.name).join(t("roles.separator")),
      },
      { id: "email", header: t("field.email"), width: 200, hidden: true, cell: (user) => user.email ?? "" },
      { id: "phone", header: t("field.phone"), width: 150, hidden: true, cell: (user) => user.phone ?? "" },
      {
        id: "last_seen_at",
        header: t("users.last_seen"),
        width: 130,
        phone: "end",
        cell: (user) => f.ago(user.last_seen_at),
      },
      {
        id: "created_at",
        hidden: true,
        header: t("field.created_at"),
        sort: "created_at",
        width: 130,
        cell: (user) => f.date(user.created_at),
      },
    ];
  }, [t, f]);
}

function useFields(): FilterField[] {
  const { t } = useTranslation("admin");
  const departments = useQuery(departmentsQuery).data;
  const roles = useQuery(rolesQuery).data;
  return useMemo(
    () => [
      { field: "active", label: t("common:state.active"), type: "bool", ops: ["eq"] },
      {
        field: "department_id",
        label: t("field.department"),
        type: "ref",
        ops: ["eq"],
        options: (departments ?? []).map((one) => ({ value: one.id, label: one.name })),
      },
      {
        field: "role_id",
        label: t("field.roles"),
        type: "ref",
        ops: ["eq"],
        options: (roles ?? []).map((one) => ({ value: one.id, label: one.name })),
      },
    ],
    [t, departments, roles],
  );
}
