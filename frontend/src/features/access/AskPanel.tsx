import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, idempotencyKey, ok } from "@/api";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { DateField, MultiSelect, Select, SidePanel, Textarea, TextInput, toast } from "@/shared/ui";
import type { AccountRequest } from "./accountRequests";
import { PersonPicker } from "./PersonPicker";
import { departmentsQuery, rolesQuery, unitsQuery } from "./queries";

const ASKABLE = ["new", "role", "move", "leave"] as const;
type Kind = (typeof ASKABLE)[number];

interface AskProps {
  onClose: () => void;
  onAsked: () => void;
}

/** Asks for a change of an account; somebody else approves it. */
export default function AskPanel({ onClose, onAsked }: AskProps) {
  const { t } = useTranslation(["accounts", "admin", "grid"]);
  const once = useMemo(idempotencyKey, []);
  const departments = useQuery(departmentsQuery).data ?? [];
  const units = useQuery(unitsQuery).data ?? [];
  const roles = (useQuery(rolesQuery).data ?? []).map((role) => ({ value: role.id, label: role.name }));
  const places = units.map((unit) => ({
    group: unit.name,
    items: departments
      .filter((one) => one.unit_id === unit.id)
      .map((one) => ({ value: one.id, label: one.name })),
  }));
  const form = useServerForm({
    initial: {
      kind: "new" as Kind,
      user_id: null as string | null,
      account: {
        name: "",
        login: "",
        email: "",
        department_id: null as string | null,
        role_ids: [] as string[],
      },
      department_id: null as string | null,
      role_ids: [] as string[],
      last_day: null as string | null,
      reason: "",
    },
    schema: z.object({ reason: rules.required() }),
    save: (values): Promise<AccountRequest> => {
      const { kind, reason, account } = values;
      const about = kind === "new" ? {} : { user_id: values.user_id };
      const wanted =
        kind === "new"
          ? {
              account: {
                ...account,
                email: account.email || null,
                department_id: account.department_id ?? "",
              },
            }
          : kind === "role"
            ? { role_ids: values.role_ids }
            : kind === "move"
              ? { department_id: values.department_id }
              : { last_day: values.last_day };
      return ok(
        api.POST("/account-requests", {
          params: { header: once },
          body: { kind, reason, ...about, ...wanted },
        }),
      );
    },
    onSaved: () => {
      toast.done(t("asked_done"));
      onAsked();
    },
  });
  const { kind } = form.values;
  return (
    <SidePanel opened onClose={onClose} title={t("ask")}>
      <Form form={form}>
        <Select
          label={t("kind")}
          data={ASKABLE.map((value) => ({ value, label: t(`kinds.${value}`) }))}
          allowDeselect={false}
          {...form.field("kind")}
        />
        {kind === "new" ? (
          <>
            <TextInput label={t("admin:users.name")} required {...form.field("account.name")} />
            <TextInput
              label={t("admin:field.login")}
              required
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              {...form.field("account.login")}
            />
            <TextInput label={t("admin:field.email")} type="email" {...form.field("account.email")} />
            <Select
              label={t("admin:field.department")}
              required
              searchable
              data={places}
              {...form.field("account.department_id")}
            />
            <MultiSelect
              label={t("admin:field.roles")}
              searchable
              data={roles}
              {...form.field("account.role_ids")}
            />
          </>
        ) : (
          <PersonPicker
            label={t("person")}
            required
            value={form.values.user_id}
            onChange={(id) => form.set("user_id", id)}
            error={form.field("user_id").error}
          />
        )}
        {kind === "role" && (
          <MultiSelect
            label={t("admin:field.roles")}
            required
            searchable
            data={roles}
            {...form.field("role_ids")}
          />
        )}
        {kind === "move" && (
          <Select label={t("new_place")} required searchable data={places} {...form.field("department_id")} />
        )}
        {kind === "leave" && (
          <DateField
            label={t("last_day")}
            clearable
            value={form.values.last_day}
            onChange={(day) => form.set("last_day", day)}
            error={form.field("last_day").error}
          />
        )}
        <Textarea label={t("reason")} required autosize minRows={2} {...form.field("reason")} />
        <FormActions form={form} onCancel={onClose} verb={t("ask_verb")} />
      </Form>
    </SidePanel>
  );
}
