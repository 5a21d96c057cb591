import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PersonPicker } from "@/features/access";
import {
  Accordion,
  Alert,
  Button,
  Checkbox,
  Group,
  Select,
  SimpleGrid,
  Stack,
  Text,
  VisuallyHidden,
} from "@/shared/ui";
import { problemText } from "@/shared/ui/States";
import { FormatFields } from "./FormatFields";
import classes from "./Imports.module.css";
import { actOn, patchImport, targetsQuery } from "./queries";
import { SavedMappings } from "./SavedMappings";
import type { Column, Import, Mapping, Resource, Target } from "./types";

interface Props {
  row: Import;
  onChanged: (row: Import) => void;
  onChecking: () => void;
}

/** Rows of these make records with an owner. */
const OWNED: Resource[] = ["customers", "contacts", "orders"];

/** What each column means. The server suggests; a person decides. */
export function MappingStep({ row, onChanged, onChecking }: Props) {
  const { t } = useTranslation("imports");
  const targets = useQuery(targetsQuery(row.resource)).data ?? [];
  const [mapping, setMapping] = useState(() => startingMapping(row));
  const reread = useMutation({
    mutationFn: (format: Partial<Import["format"]>) => patchImport(row, { format }),
    onSuccess: (next) => {
      onChanged(next);
      setMapping(startingMapping(next));
    },
  });
  const check = useMutation({
    mutationFn: async () => {
      const saved = await patchImport(row, { mapping });
      onChanged(saved);
      await actOn(row.id, "check");
    },
    meta: { quiet: true },
    onSuccess: onChecking,
  });
  const mapped = new Set(mapping.columns.flatMap((one) => one.target ?? []));
  const choose = (index: number, target: string | null) => {
    const columns = mapping.columns.map((one) => (one.index === index ? { ...one, target } : one));
    const still = columns.some((one) => one.target === mapping.key);
    setMapping({ ...mapping, columns, key: still ? mapping.key : null });
  };
  const keyTargets = targets.filter((one) => one.unique && mapped.has(one.target));
  return (
    <>
      <FormatFields row={row} busy={reread.isPending} onChange={(format) => reread.mutate(format)} />
      <SavedMappings resource={row.resource} columns={row.columns} mapping={mapping} onApply={setMapping} />
      <ColumnTable
        columns={row.columns}
        mapping={mapping}
        targets={targets}
        mapped={mapped}
        onChoose={choose}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          label={t("key")}
          description={t("key_hint")}
          placeholder={t("key_none")}
          clearable
          data={keyTargets.map((one) => ({ value: one.target, label: one.label }))}
          value={mapping.key}
          onChange={(key) => setMapping({ ...mapping, key })}
        />
      </SimpleGrid>
      <Options row={row} mapping={mapping} onChange={setMapping} />
      {check.isError && (
        <Alert color="red" variant="light" role="alert">
          {problemText(check.error, t)}
          {"errors" in check.error &&
            (check.error.errors as { pointer: string; detail: string }[]).map((one) => (
              <Text key={one.pointer + one.detail} size="sm">
                {columnOf(one.pointer, mapping, row.columns)}
                {one.detail}
              </Text>
            ))}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button loading={check.isPending} disabled={mapped.size === 0} onClick={() => check.mutate()}>
          {t("check")}
        </Button>
      </Group>
    </>
  );
}

/** `/mapping/columns/3/target` → the heading of that column, before the words. */
function columnOf(pointer: string, mapping: Mapping, columns: Column[]): string {
  const at = /^\/mapping\/columns\/(\d+)/.exec(pointer)?.[1];
  const index = at === undefined ? undefined : mapping.columns[Number(at)]?.index;
  const name = columns.find((one) => one.index === index)?.name;
  return name ? `${name}: ` : "";
}

/** The mapping kept on the server, filled up with its suggestions. */
export function startingMapping(row: Import): Mapping {
  const kept = new Map(row.mapping.columns.map((one) => [one.index, one.target]));
  return {
    ...row.mapping,
    key: row.mapping.key ?? null,
    columns: row.columns.map((column) => ({
      index: column.index,
      target: kept.has(column.index) ? (kept.get(column.index) ?? null) : (column.suggested_target ?? null),
    })),
  };
}

interface TableProps {
  columns: Column[];
  mapping: Mapping;
  targets: Target[];
  mapped: Set<string>;
  onChoose: (index: number, target: string | null) => void;
}

function ColumnTable({ columns, mapping, targets, mapped, onChoose }: TableProps) {
  const { t } = useTranslation("imports");
  const chosen = (index: number) => mapping.columns.find((one) => one.index === index)?.target ?? null;
  return (
    <div>
      <table className={classes.map}>
        <caption>
          <VisuallyHidden>{t("columns")}</VisuallyHidden>
        </caption>
        <thead>
          <tr>
            <th scope="col">{t("column")}</th>
            <th scope="col">{t("samples")}</th>
            <th scope="col">{t("becomes")}</th>
          </tr>
        </thead>
        <tbody>
          {columns.map((column) => {
            const value = chosen(column.index);
            const name = column.name || t("nth_column", { n: column.index + 1 });
            return (
              <tr key={column.index}>
                <td className={classes.name}>{name}</td>
                <td className={classes.samples} title={column.samples.join(" · ")}>
                  {column.samples.slice(0, 3).join(" · ")}
                </td>
                <td>
                  <Select
                    aria-label={t("becomes_of", { name })}
                    placeholder={t("skip")}
                    clearable
                    searchable
                    data={targets
                      .filter((one) => one.target === value || one.repeatable || !mapped.has(one.target))
                      .map((one) => ({ value: one.target, label: one.label }))}
                    value={value}
                    onChange={(target) => onChoose(column.index, target)}
                    maxDropdownHeight={300}
                    nothingFoundMessage={t("no_target")}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface OptionsProps {
  row: Import;
  mapping: Mapping;
  onChange: (mapping: Mapping) => void;
}

function Options({ row, mapping, onChange }: OptionsProps) {
  const { t } = useTranslation("imports");
  const { options } = mapping;
  const put = (part: Partial<Mapping["options"]>) =>
    onChange({ ...mapping, options: { ...options, ...part } });
  const orders = row.resource === "orders";
  return (
    <Accordion variant="separated" chevronPosition="left">
      <Accordion.Item value="options">
        <Accordion.Control>{t("options")}</Accordion.Control>
        <Accordion.Panel>
          <Stack>
            <SimpleGrid cols={{ base: 1, sm: 3 }}>
              <Select
                label={t("date_format")}
                allowDeselect={false}
                data={(["ymd", "dmy", "mdy"] as const).map((value) => ({
                  value,
                  label: t(`dates.${value}`),
                }))}
                value={options.date_format}
                onChange={(value) => value && put({ date_format: value })}
              />
              <Select
                label={t("decimal")}
                allowDeselect={false}
                data={(["point", "comma"] as const).map((value) => ({
                  value,
                  label: t(`decimals.${value}`),
                }))}
                value={options.decimal}
                onChange={(value) => value && put({ decimal: value })}
              />
              {OWNED.includes(row.resource) && (
                <PersonPicker
                  label={t("default_owner")}
                  clearable
                  value={options.default_owner_id ?? null}
                  onChange={(id) => put({ default_owner_id: id })}
                />
              )}
            </SimpleGrid>
            {(row.resource === "customers" || row.resource === "contacts") && (
              <Select
                label={t("possible_duplicates")}
                description={t("possible_duplicates_hint")}
                allowDeselect={false}
                data={(["create", "reject", "update"] as const).map((value) => ({
                  value,
                  label: t(`doubles.${value}`),
                }))}
                value={options.possible_duplicates}
                onChange={(value) => value && put({ possible_duplicates: value })}
              />
            )}
            {orders && (
              <Checkbox
                label={t("create_missing_products")}
                checked={options.create_missing_products}
                onChange={(event) => put({ create_missing_products: event.currentTarget.checked })}
              />
            )}
            {(orders || row.resource === "contacts") && (
              <Checkbox
                label={t("create_missing_customers")}
                checked={options.create_missing_customers}
                onChange={(event) => put({ create_missing_customers: event.currentTarget.checked })}
              />
            )}
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
