import { IconArrowLeft, IconCheck, IconMinus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, ok, useCan } from "@/api";
import { changed, Form, FormActions, rules, type ServerForm, useServerForm } from "@/shared/form";
import {
  Alert,
  Button,
  Checkbox,
  ConfirmDelete,
  ErrorState,
  Group,
  LazySelect,
  ListSkeleton,
  Page,
  PageHeader,
  Panel,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  TextLink,
  toast,
  VisuallyHidden,
} from "@/shared/ui";
import {
  masksQuery,
  type Permission,
  permissionsQuery,
  REACHES,
  type Role,
  rolesQuery,
  useRefresh,
} from "./queries";
import classes from "./RolePage.module.css";

const CopyRole = lazy(() => import("./CopyRole"));

/** Kinds of record that a role reaches more or fewer of, and their words. */
const SCOPED = ["customer", "order", "task", "opportunity"] as const;
const PLURALS = {
  customer: "customers",
  order: "orders",
  task: "tasks",
  opportunity: "opportunities",
} as const;

export function RolePage() {
  const { t } = useTranslation("admin");
  const { id } = useParams({ from: "/_app/settings/roles/$id" });
  const roles = useQuery(rolesQuery);
  const permissions = useQuery(permissionsQuery);
  const role = roles.data?.find((one) => one.id === id);
  const failed = roles.error ?? permissions.error;
  return (
    <Page width="regular">
      <TextLink to="/settings/roles" size="sm">
        <Group gap={4} component="span">
          <IconArrowLeft size={14} aria-hidden="true" />
          {t("roles.title")}
        </Group>
      </TextLink>
      {failed && (
        <ErrorState
          error={failed}
          onRetry={() => void Promise.all([roles.refetch(), permissions.refetch()])}
        />
      )}
      {!failed && (roles.isPending || permissions.isPending) && <ListSkeleton />}
      {role && permissions.data && (
        <Editor key={role.id + role.version} role={role} permissions={permissions.data} />
      )}
    </Page>
  );
}

interface RoleValues extends Record<string, unknown> {
  name: string;
  permissions: string[];
  customer: string | null;
  order: string | null;
  task: string | null;
  opportunity: string | null;
  masks: string[];
}

const valuesOf = (role: Role): RoleValues => ({
  name: role.name,
  permissions: [...role.permissions].sort(),
  customer: role.scopes.customer ?? null,
  order: role.scopes.order ?? null,
  task: role.scopes.task ?? null,
  opportunity: role.scopes.opportunity ?? null,
  masks: [...(role.masks ?? [])].sort(),
});

function bodyOf(before: RoleValues, values: RoleValues): Record<string, unknown> {
  const { customer, order, task, opportunity, ...rest } = changed(before, values);
  const scoped = [customer, order, task, opportunity].some((one) => one !== undefined);
  const scopes = {
    customer: values.customer,
    order: values.order,
    task: values.task,
    opportunity: values.opportunity,
  };
  return scoped ? { ...rest, scopes } : rest;
}

function Editor({ role, permissions }: { role: Role; permissions: Permission[] }) {
  const { t } = useTranslation("admin");
  const navigate = useNavigate();
  const refresh = useRefresh();
  const editable = useCan("access:role:write") && !role.built_in;
  const mayCopy = useCan("access:role:write");
  const [asking, setAsking] = useState<"copy" | "delete">();
  const initial = valuesOf(role);
  const form = useServerForm<RoleValues, Role>({
    initial,
    version: role.version,
    schema: z.object({ name: rules.required() }),
    save: (values, version) =>
      ok(
        api.PATCH("/roles/{id}", {
          params: { path: { id: role.id }, header: ifMatch(version) },
          body: bodyOf(initial, values),
        }),
      ),
    reload: async () => {
      const now = await ok(api.GET("/roles/{id}", { params: { path: { id: role.id } } }));
      return { values: valuesOf(now), version: now.version };
    },
    onSaved: async () => {
      toast.done(t("common:state.saved"));
      await refresh("roles");
    },
  });
  return (
    <>
      <PageHeader
        title={role.name}
        actions={
          mayCopy && (
            <Button variant="default" onClick={() => setAsking("copy")}>
              {t("roles.copy_verb")}
            </Button>
          )
        }
      />
      {role.built_in && (
        <Alert variant="light" color="ember">
          {t("roles.built_in_hint")}
        </Alert>
      )}
      <Form
        form={form}
        labels={{
          name: t("field.name"),
          permissions: t("roles.permissions"),
          customer: t("roles.customers"),
          order: t("roles.orders"),
          task: t("roles.tasks"),
          opportunity: t("roles.opportunities"),
          masks: t("roles.masks"),
        }}
      >
        <Panel title={t("roles.reach")}>
          <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
            <TextInput label={t("field.name")} required disabled={!editable} {...form.field("name")} />
            {SCOPED.map((resource) => (
              <LazySelect
                key={resource}
                label={t(`roles.${PLURALS[resource]}`)}
                description={t("roles.reach_hint")}
                inputWrapperOrder={["label", "input", "description", "error"]}
                disabled={!editable}
                clearable
                placeholder={t("reach.nothing")}
                data={REACHES.map((value) => ({ value, label: t(`reach.${value}`) }))}
                {...form.field(resource)}
              />
            ))}
          </SimpleGrid>
        </Panel>
        <Panel title={t("roles.permissions")}>
          {editable ? (
            <Matrix form={form} permissions={permissions} />
          ) : (
            <Granted granted={role.permissions} permissions={permissions} />
          )}
        </Panel>
        <Panel title={t("roles.masks")}>
          <Masks form={form} editable={editable} />
        </Panel>
        {editable && (
          <FormActions form={form}>
            <Button variant="subtle" color="red" onClick={() => setAsking("delete")}>
              {t("common:action.delete")}
            </Button>
          </FormActions>
        )}
      </Form>
      {asking === "copy" && (
        <Suspense>
          <CopyRole role={role} onClose={() => setAsking(undefined)} />
        </Suspense>
      )}
      <ConfirmDelete
        opened={asking === "delete"}
        onClose={() => setAsking(undefined)}
        title={t("roles.delete", { name: role.name })}
        onConfirm={async () => {
          await ok(
            api.DELETE("/roles/{id}", { params: { path: { id: role.id }, header: ifMatch(role.version) } }),
          );
          await refresh("roles");
          void navigate({ to: "/settings/roles" });
        }}
      >
        {t("roles.delete_hint")}
      </ConfirmDelete>
    </>
  );
}

const toggled = (list: string[], key: string, on: boolean) =>
  on ? [...list, key].sort() : list.filter((one) => one !== key);

/** What of customers its holders see masked, each with what they see instead. */
function Masks({ form, editable }: { form: ServerForm<RoleValues>; editable: boolean }) {
  const { t } = useTranslation("admin");
  const masks = useQuery(masksQuery);
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed" maw="44rem">
        {t("roles.masks_hint")}
      </Text>
      {masks.error && <ErrorState error={masks.error} onRetry={() => void masks.refetch()} />}
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="xs">
        {(masks.data ?? []).map((one) => (
          <Checkbox
            key={one.key}
            label={one.label}
            description={one.example ? t("roles.seen_as", { example: one.example }) : t("roles.not_seen")}
            checked={form.values.masks.includes(one.key)}
            disabled={!editable}
            onChange={(event) =>
              form.set("masks", toggled(form.values.masks, one.key, event.currentTarget.checked))
            }
          />
        ))}
      </SimpleGrid>
    </Stack>
  );
}

const byArea = (permissions: Permission[]) => [...Map.groupBy(permissions, (one) => one.area)];

/** The same for reading: what a role may, and dimmed, what it may not. */
function Granted({ granted, permissions }: { granted: string[]; permissions: Permission[] }) {
  const { t } = useTranslation("admin");
  return (
    <div className={classes.matrix}>
      {byArea(permissions).map(([area, list]) => (
        <div key={area} className={classes.area}>
          <h3 className={classes.areaName}>{t(`area.${area}`, { defaultValue: area })}</h3>
          <ul className={classes.grants}>
            {list.map((one) => {
              const has = granted.includes(one.key);
              return (
                <li key={one.key} className={has ? undefined : classes.withheld}>
                  {has ? (
                    <IconCheck size={16} aria-hidden="true" />
                  ) : (
                    <IconMinus size={16} aria-hidden="true" className={classes.minus} />
                  )}
                  <VisuallyHidden>{t(has ? "roles.may" : "roles.may_not")}</VisuallyHidden>
                  {one.label}
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </div>
  );
}

interface MatrixProps {
  form: ServerForm<RoleValues>;
  permissions: Permission[];
}

/** Permissions by area; the area's box ticks all of it. */
function Matrix({ form, permissions }: MatrixProps) {
  const { t } = useTranslation("admin");
  const areas = useMemo(() => byArea(permissions), [permissions]);
  const granted = new Set(form.values.permissions);
  return (
    <div className={classes.matrix}>
      {areas.map(([area, list]) => {
        const count = list.filter((one) => granted.has(one.key)).length;
        return (
          <fieldset key={area} className={classes.area}>
            <legend className={classes.legend}>
              <Checkbox
                label={t(`area.${area}`, { defaultValue: area })}
                styles={{ label: { fontWeight: 650 } }}
                checked={count === list.length}
                indeterminate={count > 0 && count < list.length}
                onChange={(event) => {
                  const keysOfArea = list.map((one) => one.key);
                  const rest = form.values.permissions.filter((key) => !keysOfArea.includes(key));
                  form.set(
                    "permissions",
                    event.currentTarget.checked ? [...rest, ...keysOfArea].sort() : rest,
                  );
                }}
              />
            </legend>
            {list.map((one) => (
              <Checkbox
                key={one.key}
                className={classes.permission}
                label={one.label}
                checked={granted.has(one.key)}
                onChange={(event) =>
                  form.set(
                    "permissions",
                    toggled(form.values.permissions, one.key, event.currentTarget.checked),
                  )
                }
              />
            ))}
          </fieldset>
        );
      })}
    </div>
  );
}
